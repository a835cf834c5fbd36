#!/usr/bin/env bash
# Stops a colour, if it runs: it may finish what it is answering. With systemd: sudo systemctl stop "shop@$1"
set -euo pipefail
colour=${1:?colour}
pid_file=$SITE/run/$colour.pid
if [ ! -s "$pid_file" ]; then
  echo "$colour does not run"
  exit
fi
pid=$(cat "$pid_file")

# A number alone proves nothing: it may belong to something else by now.
runs() {
  tr '\0' ' ' < "/proc/$pid/cmdline" | grep -qF 'app/server.mjs'
} 2> /dev/null

if runs; then
  kill "$pid"
  for _ in $(seq 100); do
    runs || break
    sleep 0.1
  done
  if runs; then
    echo "$colour (process $pid) does not end" >&2
    exit 1
  fi
fi
rm -f "$pid_file"
echo "$colour is stopped"
