#!/usr/bin/env bash
# Makes the release directory and chooses the colour that is not live. Yours would unpack what the build
# has made: tar -xzf shop.tar.gz -C "$incoming"
set -euo pipefail

old=$(cat "$SITE/live" 2> /dev/null || echo none)
case $old in
  none) colour=blue new_port=$PORT_BLUE old_port='' ;;
  blue) colour=green new_port=$PORT_GREEN old_port=$PORT_BLUE ;;
  green) colour=blue new_port=$PORT_BLUE old_port=$PORT_GREEN ;;
  *)
    echo "$SITE/live says '$old', which is no colour" >&2
    exit 1
    ;;
esac
old_release=$(readlink "$SITE/current" || true)

release=$SITE/releases/$(date -u +%Y%m%d%H%M%S)-$VERSION
incoming=$SITE/releases/.incoming
rm -rf -- "$incoming"
mkdir -p "$incoming" "$SITE/run" "$SITE/log"
cp -R app migrations "$incoming/"
echo "$VERSION" > "$incoming/VERSION"
mv -T "$incoming" "$release"

cat >> "$GITHUB_ENV" << END
RELEASE=$release
COLOUR=$colour
NEW_PORT=$new_port
OLD_COLOUR=$old
OLD_PORT=$old_port
OLD_RELEASE=$old_release
END
echo "release=$release" >> "$GITHUB_OUTPUT"
echo "$release will be $colour on port $new_port; live is $old"
