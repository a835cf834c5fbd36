#!/usr/bin/env bash
# Asks as a visitor would; gives up after five seconds.
set -euo pipefail
for _ in $(seq 10); do
  answer=$(curl --silent --show-error --max-time 2 "http://127.0.0.1:$PORT/" 2>&1) || true
  if [ "$answer" = "$VERSION" ]; then
    echo "port $PORT answers with $VERSION"
    exit
  fi
  sleep 0.5
done
echo "port $PORT answers with '$answer', not with $VERSION" >&2
exit 1
