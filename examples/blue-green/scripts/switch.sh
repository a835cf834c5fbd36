#!/usr/bin/env bash
# switch.sh <colour> <port> <release>: lets nginx send requests there, and returns when none goes to the other
# colour any more: a reload only begins the change, and the workers with the old configuration end in their own time.
set -euo pipefail
colour=${1:?colour}
if [ "$colour" = none ]; then
  echo "there was nothing live before"
  rm -f "$SITE/live" "$SITE/current"
  exit
fi
port=${2:?port}
release=${3:?release}
read -ra command <<< "${NGINX_COMMAND:?}"

upstream=$SITE/nginx/upstream.conf
cp "$upstream" "$upstream.old"
printf 'upstream shop {\n  server 127.0.0.1:%s;\n}\n' "$port" > "$upstream.new"
mv "$upstream.new" "$upstream"
if ! "${command[@]}" -t -q; then
  mv "$upstream.old" "$upstream"
  exit 1
fi
workers=$(pgrep -P "$(cat "$NGINX_PID")")
"${command[@]}" -s reload
for _ in $(seq 100); do
  left=$(for pid in $workers; do [ ! -d "/proc/$pid" ] || echo "$pid"; done)
  [ -n "$left" ] || break
  sleep 0.1
done
if [ -n "$left" ]; then
  echo "nginx still answers with the old configuration after 10 seconds (long downloads?): going on" >&2
fi

ln -sfn "$release" "$SITE/current.new"
mv -T "$SITE/current.new" "$SITE/current"
echo "$colour" > "$SITE/live"
echo "nginx sends requests to $colour on port $port"
