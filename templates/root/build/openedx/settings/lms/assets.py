{% include "build/openedx/settings/partials/assets.py" %}
