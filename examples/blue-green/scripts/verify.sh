#!/usr/bin/env bash
# Asks as a visitor would, until the new release has answered three times in a row.
set -euo pipefail
in_a_row=0
for _ in $(seq "$TRIES"); do
  answer=$(curl --silent --show-error --max-time 2 "$SITE_URL" 2>&1) || true
  if [ "$answer" = "$VERSION" ]; then
    in_a_row=$((in_a_row + 1))
    if [ "$in_a_row" -eq 3 ]; then
      echo "$SITE_URL answers with $VERSION"
      exit
    fi
  else
    in_a_row=0
  fi
  sleep 0.2
done
echo "$SITE_URL answers with '$answer', not with $VERSION" >&2
exit 1
