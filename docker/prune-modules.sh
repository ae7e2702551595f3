#!/bin/sh
# Removes from node_modules what a running server never reads; what is left is what the image holds.
# Usage: prune-modules.sh linux-x64|linux-arm64|linuxmusl-x64|linuxmusl-arm64
set -eu
keep=${1:?name the database driver\'s binary to keep}
test -f "node_modules/better-sqlite3/prebuilds/$keep.node"
find node_modules/better-sqlite3/prebuilds -type f ! -name "$keep.node" -delete
rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src node_modules/.cache
# Types, source maps, TypeScript sources, tests and prose.
find node_modules -type f \( -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.map' -o -name '*.ts' \
  -o -name '*.md' -o -name '*.markdown' -o -name '.*.yml' -o -name 'tsconfig*.json' \) -delete
find node_modules -type d \( -name test -o -name tests -o -name __tests__ -o -name benchmark -o -name benchmarks -o -name examples -o -name .github \) \
  -prune -exec rm -rf {} +
find node_modules -type d -empty -delete
find dist -name '*.d.ts' -delete
