#!/bin/sh
# version | status | up | down <version>. Every change is noted in a ledger.
set -eu
have=$(cat /data/schema 2> /dev/null || echo 0)
change_to() {
  echo "$have to $1" >> /data/ledger
  echo "$1" > /data/schema.new
  mv /data/schema.new /data/schema
  echo "schema: $have to $1"
}
case ${1:?version, status, up or down} in
  version) echo "$have" ;;
  status) if [ "$have" -ge "$SCHEMA" ]; then echo 'up to date'; else echo 'to be migrated'; fi ;;
  up) if [ "$have" -lt "$SCHEMA" ]; then change_to "$SCHEMA"; fi ;;
  down) if [ "$have" -gt "${2:?version}" ]; then change_to "$2"; fi ;;
  *) exit 64 ;;
esac
