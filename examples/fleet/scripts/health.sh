#!/usr/bin/env bash
# Asks the service of this host until it says that it is this version, twice a second.
set -euo pipefail
for _ in $(seq "$TRIES"); do
  answer=$(curl --silent --show-error --fail --max-time 2 "$HEALTH_URL" 2>&1) || true
  if [ "$answer" = "$VERSION" ]; then
    echo "healthy: $answer"
    exit
  fi
  sleep 0.5
done
echo "not healthy: it says '$answer', not '$VERSION'" >&2
exit 1
