#!/usr/bin/env bash
# Installs the Debian packages that Pingyi is built from and runs with. Does nothing where all are there.
# `apt.sh run` installs only what a finished binary needs; `apt.sh` adds what building and testing need, and
# `apt.sh compare` the other reader that `make compare` measures against.
set -euo pipefail
run=(libturbojpeg0 liblept5 libtesseract5 tesseract-ocr-eng tesseract-ocr-chi-sim poppler-utils
  fonts-arphic-gbsn00lp fonts-droid-fallback fonts-dejavu-core fonts-hanazono ca-certificates)
build=(build-essential pkg-config libturbojpeg0-dev libleptonica-dev libtesseract-dev chromium sqlite3)
compare=(auto-multiple-choice)
want=("${run[@]}")
[ "${1:-}" = run ] || want+=("${build[@]}")
[ "${1:-}" != compare ] || want+=("${compare[@]}")
missing=()
for p in "${want[@]}"; do
  dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "missing packages, and neither root nor sudo: ${missing[*]}" >&2; exit 1; }
  exec sudo "$0" "$@"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends "${missing[@]}"
