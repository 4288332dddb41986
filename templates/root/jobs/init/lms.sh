{%- set service = "lms" -%}
{%- import "partials/quote.j2" as quote with context -%}
{% include "jobs/init/partials/application.sh" %}

echo "Settings: $DJANGO_SETTINGS_MODULE"
wait_for {{ quote.shell(MYSQL_HOST ~ ":" ~ MYSQL_PORT) }}
{%- if MONGODB_HOST.startswith("mongodb+srv://") %}
# The servers of this cluster are found through DNS: there is no single port to wait for.
{%- else %}
{%- for host in MONGODB_HOST.split(",") %}
wait_for {{ quote.shell(host.strip() ~ ":" ~ MONGODB_PORT) }}
{%- endfor %}
{%- endif %}

./manage.py lms migrate
./manage.py lms shell -c "from search import meilisearch; meilisearch.create_indexes()"

# Studio signs its users in here. In development it has another address, hence another client.
./manage.py lms manage_user cms cms@openedx --unusable-password
register_studio() {
    ./manage.py lms create_dot_application --update \
        --client-id "$2" --client-secret {{ quote.shell(CMS_OAUTH2_SECRET) }} \
        --redirect-uris "$3/complete/edx-oauth2/" \
        --grant-type authorization-code --scopes user_id --skip-authorization \
        "$1" cms
}
register_studio cms-sso {{ quote.shell(CMS_OAUTH2_KEY_SSO) }} {{ quote.shell(quote.scheme() ~ "://" ~ CMS_HOST) }}
register_studio cms-sso-dev {{ quote.shell(CMS_OAUTH2_KEY_SSO_DEV) }} {{ quote.shell("http://" ~ CMS_HOST ~ ":8001") }}

adopt_old_uploads

# Green ticks on finished units, unless somebody has decided about them already.
switch=completion.enable_completion_tracking
./manage.py lms waffle_switch --list | grep "$switch" || ./manage.py lms waffle_switch --create "$switch" on

load_policies
