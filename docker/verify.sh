#!/usr/bin/env bash
# Builds the real Dockerfile and runs the image on a Debian machine without a Docker engine, then checks what its users
# rely on. Needs: buildah podman runc debootstrap curl (Debian packages), and root.
#
# The two base images are stand-ins made here from Debian packages and the pinned `node` package, because no image
# registry is asked; the Dockerfile's own steps are what is verified.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in buildah podman runc debootstrap curl; do
  command -v "$tool" > /dev/null || { echo "verify: $tool is missing (apt-get install buildah podman runc debootstrap curl)"; exit 1; }
done
node24=$(readlink -f node_modules/node/bin/node)
test -x "$node24" || { echo "verify: run npm ci first"; exit 1; }

work=$(mktemp -d)
export STORAGE_DRIVER=vfs CONTAINERS_REGISTRIES_CONF=$work/registries.conf
echo 'unqualified-search-registries = ["docker.io"]' > "$work/registries.conf"
storage=(--root "$work/storage" --runroot "$work/run")
# crun needs cgroups v2, and podman would raise limits that may not be raised here.
podman() { command podman "${storage[@]}" --runtime "$(command -v runc)" "$@"; }
limits=(--ulimit nofile=10000:10000 --ulimit nproc=9000:9000)
port=${PORT:-8096}
names=()
clean() {
  for name in "${names[@]}"; do podman rm -f "$name" > /dev/null 2>&1 || true; done
  rm -rf "$work"
}
trap clean EXIT

passed=0
check() { # check "what must be true" command…
  local what=$1
  shift
  if "$@" > "$work/check.log" 2>&1; then passed=$((passed + 1)); echo "ok   $what"; else
    echo "FAIL $what"
    sed 's/^/     /' "$work/check.log" | tail -20
    exit 1
  fi
}

echo "verify: making stand-in base images"
debootstrap --variant=minbase bookworm "$work/rootfs" > "$work/debootstrap.log" 2>&1
rm -rf "$work/rootfs/var/cache/apt" "$work/rootfs/var/lib/apt/lists"
tar -C "$work/rootfs" -c . | podman import - docker.io/library/debian:bookworm-slim > /dev/null 2>&1
install -D -m755 "$node24" "$work/rootfs/usr/local/bin/node"
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mkdir -p "$work/rootfs/usr/local/lib/node_modules"
cp -r "$npm" "$work/rootfs/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/rootfs/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$work/rootfs/usr/local/bin/npx"
# npm inside the build trusts what this machine trusts, and asks what this machine asks.
install -D -m644 /etc/ssl/certs/ca-certificates.crt "$work/rootfs/etc/ssl/certs/ca-certificates.crt"
command npm config get registry 2> /dev/null | sed 's/^/registry=/' > "$work/rootfs/usr/local/lib/node_modules/npm/npmrc"
tar -C "$work/rootfs" -c . | podman import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - docker.io/library/node:24-bookworm-slim > /dev/null 2>&1

echo "verify: building the image"
buildah "${storage[@]}" bud --pull-never --format docker --isolation chroot --network host -t localhost/fauxgen:verify . > "$work/build.log" 2>&1 ||
  { tail -30 "$work/build.log"; exit 1; }

run() { # run NAME podman-options… -- arguments…
  local name=$1
  shift
  names+=("$name")
  local options=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  [ $# -gt 0 ] && shift
  podman run -d "${limits[@]}" --name "$name" "${options[@]}" localhost/fauxgen:verify "$@" > /dev/null
}
healthy() { # a healthcheck of the image's own, tried until it passes
  for _ in $(seq 100); do podman healthcheck run "$1" > /dev/null 2>&1 && return 0; sleep 0.1; done
  podman logs "$1"
  return 1
}
url=http://127.0.0.1:$port
key='authorization: Bearer vvx_live_fx_image_main'
json='content-type: application/json'

run plain --network host --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -e FAUXGEN_PORT="$port" -e FAUXGEN_HOST=127.0.0.1
check "becomes healthy by its own healthcheck, read-only and without capabilities" healthy plain
check "runs as uid 1000" test "$(podman exec plain node -p 'process.getuid()')" = 1000
check "answers ready" curl -fsS "$url/_fauxgen/ready"
status() { test "$(curl -s -o "$work/body" -w '%{http_code}' "${@:2}")" = "$1" || { cat "$work/body"; return 1; }; }
check "vivix: creates" status 201 "$url/api/v1/generate" -H "$key" -H "$json" -d '{"model":"grok-imagine-image-quality","prompt":"a lighthouse"}'
id=$(sed -E 's/.*"generation_id":"([^"]+)".*/\1/' "$work/body")
check "sync: creates" status 201 "$url/v2/generate" -H 'x-api-key: fx_image_main' -H "$json" \
  -d '{"model":"lipsync-2","input":[{"type":"video","url":"https://media.test/v.mp4"},{"type":"audio","url":"https://media.test/a.wav"}]}'
sync_id=$(sed -E 's/.*"id":"([^"]+)".*/\1/' "$work/body")
check "sync: holds wait=true until the end" status 200 "$url/v2/generate/$sync_id?wait=true" -H 'x-api-key: fx_image_main'
check "sync: and that is the end" grep -q COMPLETED "$work/body"
check "sync: downloads the video behind outputUrl" status 200 -L "$(sed -E 's/.*"outputUrl":"([^"]+)".*/\1/' "$work/body")"
check "vivix: is completed" status 200 "$url/api/v1/generations/$id" -H "$key"
check "vivix: downloads the image" status 200 "$(sed -E 's/.*"output_url":"([^"]+)".*/\1/' "$work/body")"
check "oxen: enqueues" status 200 "$url/api/ai/queue" -H 'authorization: Bearer fx_image_main' -H "$json" \
  -d '{"model":"black-forest-labs-flux-2-klein-4b","prompt":"an ox"}'
check "affogato: creates" status 202 "$url/pub/v1/generations" -H 'X-API-KEY: fx_image_main' -H "$json" \
  -d '[{"model":"JuggernautXL","prompt":{"positive":"a cup"},"aspect_ratio":"1:1"}]'

curl -s "$url/v2/generate" -H 'x-api-key: fx_image_main' -H "$json" -o "$work/body" \
  -d '{"model":"lipsync-2","input":[{"type":"video","url":"https://media.test/fauxgen:stuck.mp4"},{"type":"audio","url":"https://media.test/a.wav"}]}'
stuck=$(sed -E 's/.*"id":"([^"]+)".*/\1/' "$work/body")
curl -s -o "$work/held" -w '%{http_code}' "$url/v2/generate/$stuck?wait=true" -H 'x-api-key: fx_image_main' > "$work/held-status" &
held=$!
curl -fsS "$url/_fauxgen/sandboxes/image/waiters?count=1&within=5s" > /dev/null
began=$(date +%s%N)
podman stop -t 5 plain > /dev/null 2>&1
took=$((($(date +%s%N) - began) / 1000000))
wait "$held"
check "SIGTERM: a held request is answered 200" test "$(cat "$work/held-status")" = 200
check "SIGTERM: exits 0" test "$(podman inspect plain --format '{{.State.ExitCode}}')" = 0
check "SIGTERM: within a second (took $took ms)" test "$took" -lt 1000

run alone --network none
check "starts without any network" healthy alone
podman stop -t 5 alone > /dev/null 2>&1
run arguments --network host -- --port "$port" --timing instant
for _ in $(seq 50); do curl -fs "$url/_fauxgen/ready" > /dev/null && break; sleep 0.1; done
check "arguments keep the address it listens on" curl -fsS "$url/_fauxgen/ready"
podman stop -t 5 arguments > /dev/null 2>&1

size_of() { du -sm "$1" | cut -f1; }
mount=$(podman image mount localhost/fauxgen:verify 2> /dev/null || true)
if [ -n "$mount" ]; then
  echo "verify: $(size_of "$mount") MB in all: node $(size_of "$mount/usr/local/bin/node") MB, node_modules $(size_of "$mount/app/node_modules") MB," \
    "our code and fixtures $(($(size_of "$mount/app/dist") + $(size_of "$mount/app/fixtures") + $(size_of "$mount/app/openapi"))) MB, the rest is the base"
  (cd "$mount/app/node_modules" && du -sk -- * @*/* 2> /dev/null | sort -rn | grep -v '^.*\t@[a-z]*$' | head -8 | awk '{ printf "verify:   %5.1f MB  %s\n", $1 / 1024, $2 }')
fi
echo "$passed passed, 0 failed"
