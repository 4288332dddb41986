{%- set service = "cms" -%}
{%- import "partials/quote.j2" as quote with context -%}
{% include "jobs/init/partials/application.sh" %}

echo "Settings: $DJANGO_SETTINGS_MODULE"
wait_for {{ quote.shell(MYSQL_HOST ~ ":" ~ MYSQL_PORT) }}

./manage.py cms migrate
adopt_old_uploads

# Studio's own search is filled by cms-worker in the background; courses' content is, here.
./manage.py cms reindex_studio
./manage.py cms reindex_course --active

load_policies
