#!/bin/sh
# Tests draw.sh: `fauxgen exec --timing instant -- sh test.sh`.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
control() { curl -sf "$FAUXGEN_URL/_fauxgen/sandboxes/default$1" -H 'Content-Type: application/json' -d "$2" > /dev/null; }

sh draw.sh 'an ox at dawn' "$scratch/ox.png"
test -s "$scratch/ox.png"
echo "ok: saves the picture"

control /rules '{"when":{"vendor":"oxen"},"scenario":"fail","times":1}'
if sh draw.sh 'an ox at dusk' "$scratch/none.png" 2> "$scratch/said"; then
  echo "draw.sh did not fail" && exit 1
fi
grep -q '^draw: .' "$scratch/said"
test ! -e "$scratch/none.png"
echo "ok: prints the reason of a failure, and saves nothing"

control /requests/verify '{"vendor":"oxen","operation":"createGeneration","count":{"exactly":2}}'
echo "ok: sends two creates in all"
