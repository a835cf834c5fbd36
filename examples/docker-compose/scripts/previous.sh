#!/usr/bin/env bash
# Back to the release that was live before.
set -euo pipefail
if [ -z "$OLD_IMAGE" ]; then
  docker compose down
else
  APP_IMAGE=$OLD_IMAGE docker compose up --detach --wait --wait-timeout 60
fi
