#!/bin/sh
# Removes the files that a running server never reads from node_modules and dist. The image contains the remaining files.
# Usage: prune-modules.sh linux-x64|linux-arm64|linuxmusl-x64|linuxmusl-arm64
set -eu
keep=${1:?name the database driver\'s binary to keep}
test -f "node_modules/better-sqlite3/prebuilds/$keep.node"
find node_modules/better-sqlite3/prebuilds -type f ! -name "$keep.node" -delete
# The bundle includes zod, which is installed only for the types of the library. node-addon-api only compiles the driver.
rm -rf node_modules/zod node_modules/node-addon-api node_modules/better-sqlite3/deps node_modules/better-sqlite3/src node_modules/.cache node_modules/.bin
find node_modules -type f \( -name '*.d.ts' -o -name '*.map' -o -name '*.md' -o -name 'tsconfig*.json' \) -delete
find node_modules -type d -empty -delete
find dist -name '*.d.ts' -delete
