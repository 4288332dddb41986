{%- import "partials/quote.j2" as quote with context -%}
# Gives the platform an API key of its own, for its own indexes. Runs in the `lms` job, whose image
# has the client library. The key's value follows from its id and the master key.
python - <<'PYTHON'
import meilisearch
from meilisearch.errors import MeilisearchApiError

uid = {{ quote.text(MEILISEARCH_API_KEY_UID) }}
client = meilisearch.Client({{ quote.text(MEILISEARCH_URL) }}, {{ quote.text(MEILISEARCH_MASTER_KEY) }})
try:
    client.get_key(uid)
except MeilisearchApiError:
    client.create_key(
        {
            "uid": uid,
            "name": "Open edX backend API key",
            "description": "For the backend of Open edX; made by its init task",
            "indexes": [{{ quote.text(MEILISEARCH_INDEX_PREFIX ~ "*") }}],
            "actions": ["*"],
            "expiresAt": None,
        }
    )
    print("Meilisearch: key created")
else:
    print("Meilisearch: key present")
PYTHON
