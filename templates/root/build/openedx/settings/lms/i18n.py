{% include "build/openedx/settings/partials/i18n.py" %}
