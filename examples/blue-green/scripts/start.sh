#!/usr/bin/env bash
# Starts the new colour and waits until it listens. With systemd this is: sudo systemctl restart "shop@$COLOUR"
set -euo pipefail
./scripts/stop.sh "$COLOUR"

log=$SITE/log/$COLOUR.log
cd "$RELEASE"
PORT=$NEW_PORT COLOUR=$COLOUR node app/server.mjs > "$log" 2>&1 < /dev/null &
pid=$!
echo "$pid" > "$SITE/run/$COLOUR.pid"

for _ in $(seq 100); do
  if grep -q '^listening' "$log"; then
    echo "$COLOUR has process $pid, and listens on port $NEW_PORT"
    exit
  fi
  if ! kill -0 "$pid" 2> /dev/null; then
    echo "$COLOUR did not start:" >&2
    cat "$log" >&2
    exit 1
  fi
  sleep 0.1
done
echo "$COLOUR does not listen after 10 seconds:" >&2
cat "$log" >&2
exit 1
