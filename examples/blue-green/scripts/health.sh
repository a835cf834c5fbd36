#!/usr/bin/env bash
# Asks the new colour itself, not through nginx, twice a second.
set -euo pipefail
for _ in $(seq "$TRIES"); do
  if answer=$(curl --silent --show-error --fail --max-time 2 "http://127.0.0.1:$NEW_PORT/health" 2>&1); then
    echo "$COLOUR is healthy: $answer"
    exit
  fi
  sleep 0.5
done
echo "$COLOUR is not healthy: $answer" >&2
tail -n 20 "$SITE/log/$COLOUR.log" >&2
exit 1
