#!/usr/bin/env bash
# Waits until the service answers; gives up after five seconds.
set -euo pipefail
for _ in $(seq 50); do
  if [ -s "$SITE/port" ]; then
    port=$(cat "$SITE/port")
    if exec 3<> "/dev/tcp/127.0.0.1/$port"; then
      printf 'GET / HTTP/1.0\r\n\r\n' >&3
      answer=$(tail -n 1 <&3)
      echo "the service answers: $answer"
      [ "$answer" = "ok 2" ]
      exit
    fi
  fi
  sleep 0.1
done
echo "the service does not answer" >&2
exit 1
