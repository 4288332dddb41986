#!/bin/sh
# Makes the environments of test_era.py in a folder: make_era.sh FOLDER [PYTHON]
set -e
python=${2:-python3}
ten="tutor-minio==13.0.1 tutor-xqueue==13.0.0 tutor-notes==13.0.1 tutor-discovery==13.0.1 tutor-ecommerce==13.0.1
tutor-mfe==13.0.6 tutor-forum==13.0.0 tutor-android==13.0.0 tutor-richie==13.0.2 tutor-webui==13.0.2"
"$python" -m venv "$1/era"
"$1/era/bin/pip" -q install click pyyaml appdirs importlib-resources click-repl requests 'setuptools<80'
"$1/era/bin/pip" -q install --no-deps $ten
"$python" -m venv "$1/thirteen"
"$1/thirteen/bin/pip" -q install tutor==13.3.1 click-repl requests 'setuptools<80'
"$1/thirteen/bin/pip" -q install --no-deps $ten
echo "export TUTOR_ERA_PYTHON=$1/era/bin/python TUTOR_13_PYTHON=$1/thirteen/bin/python"
