#!/usr/bin/env bash
# The directory knows the digest of the token that may deploy to it.
set -euo pipefail
if ! sha256sum --check --status <(printf '%s  -\n' "$(cat "$TARGET/token.sha256")") <<< "$DEPLOY_TOKEN"; then
  echo "the token is not the one of $TARGET" >&2
  # What a script knows about its failure it can say; the action need not guess.
  echo "category=recoverable:credentials" >> "$PREFLIGHT_RESULT"
  exit 1
fi
readlink "$TARGET/live" > "$TARGET/live.before" || true
ln -sfn "releases/$VERSION" "$TARGET/live.new"
mv -T "$TARGET/live.new" "$TARGET/live"
echo "live is $VERSION"
