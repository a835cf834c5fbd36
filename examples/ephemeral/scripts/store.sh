#!/usr/bin/env bash
# store.sh <method> <path> [options of curl]: one request to the store; anything but a 2xx is a failure.
set -euo pipefail
method=${1:?method}
path=${2:?path}
shift 2
curl --config build/curlrc --silent --show-error --fail-with-body --max-time 60 \
  --request "$method" "$@" "$STORE$path"
echo
