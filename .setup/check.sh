#!/usr/bin/env bash
# Lint, known weaknesses, licences and the bill of materials. A check whose database cannot be reached is
# named as skipped: it proves nothing then.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p out
GO=${GO:-go}
LINT=github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 # gosec is one of its linters
VULN=golang.org/x/vuln/cmd/govulncheck@v1.9.0
BOM=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
status=0 skipped=0

fail() { echo "check: $*"; status=1; }
skip() { echo "check: SKIPPED $*"; skipped=$((skipped + 1)); }

$GO vet ./... || fail "go vet"
unformatted=$(gofmt -l $(git ls-files '*.go'))
test -z "$unformatted" || fail "not gofmt-ed: $unformatted"
test -z "$($GO mod tidy -diff)" || fail "go.mod is not tidy"
$GO mod verify >/dev/null || fail "a module differs from go.sum"

$GO run $LINT run ./... >out/lint.txt 2>&1 || { cat out/lint.txt; fail "golangci-lint (.golangci.yml)"; }

$GO run $VULN ./... >out/govulncheck.txt 2>&1
case $? in
0) tail -n 2 out/govulncheck.txt ;;
3) cat out/govulncheck.txt; fail "govulncheck: known vulnerabilities" ;;
*) skip "govulncheck: $(tail -n 1 out/govulncheck.txt)" ;;
esac

$GO run $BOM mod -licenses -json -output out/bom-go.json . >out/bom.txt 2>&1 || { tail -n 3 out/bom.txt; fail "bill of materials (Go)"; }
(cd api/web && npm sbom --sbom-format cyclonedx --omit dev --package-lock-only) >out/bom-web.json 2>out/bom.txt || { tail -n 3 out/bom.txt; fail "bill of materials (web)"; }
$GO run .setup/licences.go out/bom-go.json out/bom-web.json || fail "licences"

(cd api/web && npm audit --omit dev --json) >out/audit.json 2>/dev/null
if grep -q '"auditReportVersion"' out/audit.json; then
	node -e 'const v=require("./out/audit.json").metadata.vulnerabilities;console.log("npm audit:",JSON.stringify(v));process.exit(v.high+v.critical?1:0)' || fail "npm audit"
else
	skip "npm audit: the registry answers no advisories"
fi

(cd api/web && npm run check) || fail "npm run check"
echo "check: $([ $status = 0 ] && echo passed || echo FAILED), $skipped skipped"
exit $status
