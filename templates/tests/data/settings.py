"""Prints the core settings of an installed Tutor, in order: layer, name, default as JSON.

    python tests/data/settings.py > tests/data/settings.txt
"""

import json

from tutor import config

print("# Written by settings.py from Tutor's own config/base.yml and config/defaults.yml.")
for layer, settings in (("base", config.get_base()), ("defaults", config.get_defaults())):
    for name, value in settings.items():
        print(layer, name, json.dumps(value, ensure_ascii=False))
