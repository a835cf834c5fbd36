#!/usr/bin/env bash
# Lays the examples' workflows out as a user does, and lints them there.
# usage: lint-examples.sh <actionlint> <zizmor and its options ...>
set -euo pipefail
cd "$(dirname "$0")/.."
actionlint=$(realpath "${1:?actionlint}")
shift
configuration=$PWD/.github

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
count=0
for workflow in examples/*/workflow.yml; do
  example=$(dirname "$workflow")
  repository=$place/$(basename "$example")
  mkdir -p "$repository/.github/workflows"
  git init -q "$repository"
  cp "$workflow" "$repository/.github/workflows/deploy.yml"
  if [ -e "$example/deploy-one.yml" ]; then
    cp "$example/deploy-one.yml" "$repository/.github/workflows/"
  fi
  (cd "$repository" && "$actionlint" -config-file "$configuration/examples-actionlint.yaml")
  count=$((count + 1))
done
"$@" --offline --config "$configuration/examples-zizmor.yml" "$place"
echo "the workflows of $count examples are clean"
