#!/usr/bin/env bash
# Runs all tests and says how many were skipped, and why.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p out
status=0
test -z "$(gofmt -l $(git ls-files '*.go'))" || { echo "not gofmt-ed:"; gofmt -l $(git ls-files '*.go'); status=1; }
go vet ./... || status=1
# The timeout is for what hangs. Tests that run beside others are those that mostly wait for browsers and services: one more at once than two cores.
go test -timeout 25m -parallel 3 -json ./... >out/test.json || status=1
go run .setup/summary.go out/test.json || status=1
(cd api/web && npm test) || status=1
exit $status
