#!/bin/sh
# Makes the environments of test_era22.py in a folder: make_era22.sh FOLDER [PYTHON]
set -e
python=${2:-python3}
six="tutor-mfe==22.1.0 tutor-indigo==22.0.0 tutor-discovery==22.0.0 tutor-notes==22.0.0 tutor-minio==22.0.0
tutor-forum==22.0.0"
for name in alone22 real22; do
    "$python" -m venv "$1/$name"
    "$1/$name/bin/pip" -q install click importlib-resources 'setuptools<80'
done
"$1/real22/bin/pip" -q install tutor==22.0.3
for name in alone22 real22; do "$1/$name/bin/pip" -q install --no-deps $six; done
echo "export TUTOR_22_ALONE_PYTHON=$1/alone22/bin/python TUTOR_22_PLUGINS_PYTHON=$1/real22/bin/python"
