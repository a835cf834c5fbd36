#!/usr/bin/env bash
# Makes the release directory. Yours would unpack what the build has made: tar -xzf shop.tar.gz -C "$incoming"
set -euo pipefail
release=$SITE/releases/$VERSION
incoming=$SITE/releases/.incoming
rm -rf -- "$incoming"
mkdir -p "$incoming"
cp -R app "$incoming/"
echo "$VERSION" > "$incoming/VERSION"
if [ ! -e "$release" ]; then
  mv -T "$incoming" "$release"
fi
cat >> "$GITHUB_ENV" << END
RELEASE=$release
OLD_RELEASE=$(readlink "$SITE/current" || true)
END
echo "unpacked $release"
