#!/usr/bin/env bash
set -euo pipefail
mkdir -p "$TARGET/releases/$VERSION"
cp -R app/. "$TARGET/releases/$VERSION/"
echo "$VERSION is installed in $TARGET"
