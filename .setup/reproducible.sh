#!/usr/bin/env bash
# Builds the commit twice, in folders of other names and depths with caches of their own, and compares the binaries.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
for at in one another/and/deeper; do
	git clone -q "$here" "$work/$at"
	(cd "$work/$at/api/web" && npm ci --no-audit --no-fund --silent && npm run build --silent) >/dev/null
	(cd "$work/$at" && GOCACHE="$work/$at-cache" ${GO:-go} build -trimpath -o "$work/$at/pingyi" ./cmd/pingyi)
done
sha256sum "$work/one/pingyi" "$work/another/and/deeper/pingyi" | sed "s|$work/||"
cmp "$work/one/pingyi" "$work/another/and/deeper/pingyi" && echo "reproducible: the two are equal"
