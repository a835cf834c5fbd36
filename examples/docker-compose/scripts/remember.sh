#!/usr/bin/env bash
# Which image and schema are live, for the way back. Empty when nothing is.
set -euo pipefail
container=$(docker compose ps --quiet app)
image='' schema=0
if [ -n "$container" ]; then
  image=$(docker inspect --format '{{.Config.Image}}' "$container")
  schema=$(docker exec "$container" migrate.sh version)
fi
cat >> "$GITHUB_ENV" << END
OLD_IMAGE=$image
OLD_SCHEMA=$schema
END
echo "live is ${image:-nothing} with schema $schema"
