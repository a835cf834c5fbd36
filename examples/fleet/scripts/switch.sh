#!/usr/bin/env bash
# switch.sh <release>: points current at it, in one step that cannot be half-done.
set -euo pipefail
if [ -z "${1:-}" ]; then
  echo "there was no release before"
  rm -f "$SITE/current"
  exit
fi
ln -sfn "$1" "$SITE/current.new"
mv -T "$SITE/current.new" "$SITE/current"
echo "current is $1"
