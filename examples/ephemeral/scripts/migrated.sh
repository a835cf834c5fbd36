#!/usr/bin/env bash
# 0: the store has the migration, 1: it has not, 2: it cannot be asked.
set -euo pipefail
code=$(curl --config build/curlrc --silent --max-time 10 --output /dev/null --write-out '%{http_code}' "$STORE/migrations/$VERSION") || exit 2
case $code in
  200) exit 0 ;;
  404) exit 1 ;;
  *) exit 2 ;;
esac
