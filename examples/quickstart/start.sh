#!/usr/bin/env bash
# Starts the service anew, unless somebody has said that it must fail: `touch .preflight-quickstart/fail`.
set -euo pipefail
if [ -e .preflight-quickstart/fail ]; then
  echo "config error: LISTEN_PORT is not set" >&2
  exit 3
fi
if [ -e "$SITE/pid" ]; then
  kill "$(cat "$SITE/pid")" 2>/dev/null || true
  rm -f "$SITE/pid" "$SITE/port"
fi
node "$SITE/current/server.mjs" "$SITE" > "$SITE/server.log" 2>&1 &
echo "started $!"
