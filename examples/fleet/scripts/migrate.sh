#!/usr/bin/env bash
# up:     applies the migrations that the database does not have, each as one transaction
# status: 0 when it has them all, 1 when it has not, 2 when that cannot be found out
set -euo pipefail
shopt -s nullglob
export PGOPTIONS='-c client_min_messages=warning'

sql() {
  psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 "$@"
}

list_applied() {
  local exists
  exists=$(sql --command "select to_regclass('schema_migrations') is not null")
  [ "$exists" = f ] || sql --command 'select version from schema_migrations order by version'
}

applied=$(list_applied) || exit 2
is_applied() {
  grep -qxF -- "$1" <<< "$applied"
}

case ${1:?up or status} in
  status)
    for file in migrations/*.sql; do
      is_applied "$(basename "$file" .sql)" || exit 1
    done
    ;;
  up)
    sql --command 'create table if not exists schema_migrations (version text primary key, applied_at timestamptz not null default now())'
    for file in migrations/*.sql; do
      version=$(basename "$file" .sql)
      is_applied "$version" && continue
      echo "applying $version"
      sql --single-transaction --file "$file" --command "insert into schema_migrations (version) values ('$version')"
    done
    ;;
  *)
    echo "up or status, not '$1'" >&2
    exit 64
    ;;
esac
