#!/usr/bin/env bash
# A migration that must not run twice: `up` adds a line to the ledger each time it is run.
set -euo pipefail
data="$SITE/data"
mkdir -p "$data"
case "${1:?up, down or status}" in
  up)
    echo "migrated to 2" >> "$data/ledger"
    echo 2 > "$data/version"
    ;;
  down)
    echo "migrated to 1" >> "$data/ledger"
    echo 1 > "$data/version"
    ;;
  status)
    [ "$(cat "$data/version" 2>/dev/null || echo 1)" = 2 ]
    ;;
esac
