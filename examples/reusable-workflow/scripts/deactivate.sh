#!/usr/bin/env bash
set -euo pipefail
before=$(cat "$TARGET/live.before" 2> /dev/null || true)
if [ -z "$before" ]; then
  rm -f "$TARGET/live"
else
  ln -sfn "$before" "$TARGET/live.new"
  mv -T "$TARGET/live.new" "$TARGET/live"
fi
