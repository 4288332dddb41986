{%- import "partials/quote.j2" as quote with context -%}
# Creates the platform's database, and the user who owns it. Runs in the `mysql` job.
as_root() {
    mysql --host={{ quote.shell(MYSQL_HOST) }} --port={{ MYSQL_PORT }} \
        --user={{ quote.shell(MYSQL_ROOT_USERNAME) }} --password={{ quote.shell(MYSQL_ROOT_PASSWORD) }} "$@"
}

echo "Waiting for MySQL, which takes a while the first time..."
attempts_left=10
until as_root --execute "SELECT 1" >/dev/null; do
    attempts_left=$((attempts_left - 1))
    if [ "$attempts_left" -eq 0 ]; then
        echo "MySQL does not answer" >&2
        exit 1
    fi
    sleep 10
done

as_root <<'SQL'
CREATE DATABASE IF NOT EXISTS `{{ OPENEDX_MYSQL_DATABASE }}`;
SQL
# On its own and allowed to fail: where a view names this user as its definer, MySQL reports an
# error although the user exists. If there really is none, the next statement says so.
as_root <<'SQL' || true
CREATE USER IF NOT EXISTS {{ quote.sql(OPENEDX_MYSQL_USERNAME) }}@'%';
SQL
as_root <<'SQL'
ALTER USER {{ quote.sql(OPENEDX_MYSQL_USERNAME) }}@'%' IDENTIFIED BY {{ quote.sql(OPENEDX_MYSQL_PASSWORD) }};
GRANT ALL PRIVILEGES ON `{{ OPENEDX_MYSQL_DATABASE }}`.* TO {{ quote.sql(OPENEDX_MYSQL_USERNAME) }}@'%';
SQL
echo "Database ready"
