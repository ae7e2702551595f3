#!/usr/bin/env bash
# Builds the real Dockerfile, runs the image on a Debian machine without a Docker engine, and checks its behaviour.
# Needs root, and: apt-get install --no-install-recommends buildah podman runc debootstrap netavark aardvark-dns curl
#
# The script uses no image registry. It makes two stand-in base images from Debian packages and the pinned `node`
# package, and verifies the Dockerfile's own steps. With VERIFY_WORK=folder it keeps the base images there for the next run.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in buildah podman runc debootstrap curl; do
  command -v "$tool" > /dev/null || { echo "verify: $tool is missing (apt-get install --no-install-recommends buildah podman runc debootstrap netavark aardvark-dns curl)"; exit 1; }
done
node24=$(readlink -f node_modules/node/bin/node)
test -x "$node24" || { echo "verify: run npm ci first"; exit 1; }

work=${VERIFY_WORK:-$(mktemp -d)}
mkdir -p "$work"
export STORAGE_DRIVER=vfs CONTAINERS_REGISTRIES_CONF=$work/registries.conf
echo 'unqualified-search-registries = ["docker.io"]' > "$work/registries.conf"
storage=(--root "$work/storage" --runroot "$work/run")
# crun needs cgroups v2, which may be missing. The limits are set because podman would raise them, which may be forbidden.
podman() { command podman "${storage[@]}" --runtime "$(command -v runc)" --network-backend netavark "$@"; }
limits=(--ulimit nofile=10000:10000 --ulimit nproc=9000:9000)
port=${PORT:-8096}
names=()
network=fauxgen-verify
clean() {
  for name in "${names[@]}"; do podman rm -f -t 1 "$name" > /dev/null 2>&1 || true; done
  podman network rm "$network" > /dev/null 2>&1 || true
  podman volume rm "$network" > /dev/null 2>&1 || true
  podman image umount --all > /dev/null 2>&1 || true
  [ -n "${VERIFY_WORK:-}" ] && return
  # Podman leaves its folders mounted onto themselves.
  grep -o "$work/storage/[^ ]*" /proc/mounts | sort -ru | xargs -r umount 2> /dev/null || true
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

make_bases() {
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
  # npm inside the build uses this machine's certificates and this machine's registry.
  install -D -m644 /etc/ssl/certs/ca-certificates.crt "$work/rootfs/etc/ssl/certs/ca-certificates.crt"
  command npm config get registry 2> /dev/null | sed 's/^/registry=/' > "$work/rootfs/usr/local/lib/node_modules/npm/npmrc"
  tar -C "$work/rootfs" -c . | podman import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - docker.io/library/node:24-bookworm-slim > /dev/null 2>&1
}
podman image exists docker.io/library/node:24-bookworm-slim || make_bases

echo "verify: building the image"
buildah "${storage[@]}" bud --pull-never --format docker --isolation chroot --network host -t localhost/fauxgen:verify . > "$work/build.log" 2>&1 ||
  { tail -40 "$work/build.log"; exit 1; }

run_image() { # run_image IMAGE NAME podman-options… -- arguments…
  local image=$1 name=$2
  shift 2
  names+=("$name")
  local options=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  [ $# -gt 0 ] && shift
  podman run -d "${limits[@]}" --name "$name" "${options[@]}" "$image" "$@" > /dev/null 2> "$work/run.log" || { cat "$work/run.log"; exit 1; }
}
run() { run_image localhost/fauxgen:verify "$@"; }
healthy() { # runs the image's own healthcheck until it passes
  for _ in $(seq 100); do podman healthcheck run "$1" > /dev/null 2>&1 && return 0; sleep 0.1; done
  podman logs "$1"
  return 1
}
url=http://127.0.0.1:$port
json='content-type: application/json'

run plain --network host --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -e FAUXGEN_PORT="$port" -e FAUXGEN_HOST=127.0.0.1
check "passes its own healthcheck, read-only and without capabilities" healthy plain
check "runs as uid 1000" test "$(podman exec plain node -p 'process.getuid()')" = 1000
check "answers ready" curl -fsS "$url/_fauxgen/ready"
"$node24" docker/smoke.mjs "$url" > "$work/smoke.log" 2>&1 || { cat "$work/smoke.log"; exit 1; }
cat "$work/smoke.log"
passed=$((passed + $(grep -c '^ok ' "$work/smoke.log")))

curl -s "$url/v2/generate" -H 'x-api-key: fx_image_main' -H "$json" -o "$work/body" \
  -d '{"model":"lipsync-2","input":[{"type":"video","url":"https://media.test/fauxgen:stuck.mp4"},{"type":"audio","url":"https://media.test/a.wav"}]}'
stuck=$(sed -E 's/.*"id":"([^"]+)".*/\1/' "$work/body")
curl -s -o "$work/held" -w '%{http_code}' "$url/v2/generate/$stuck?wait=true" -H 'x-api-key: fx_image_main' > "$work/held-status" &
held=$!
curl -fsS "$url/_fauxgen/sandboxes/image/waiters?count=1&within=5s" > /dev/null
pid=$(podman inspect plain --format '{{.State.Pid}}')
began=$(date +%s%N)
kill -TERM "$pid"
while kill -0 "$pid" 2> /dev/null; do sleep 0.01; done
took=$((($(date +%s%N) - began) / 1000000))
wait "$held"
podman wait plain > /dev/null 2>&1
check "SIGTERM: a held request is answered 200" test "$(cat "$work/held-status")" = 200
check "SIGTERM: exits 0" test "$(podman inspect plain --format '{{.State.ExitCode}}')" = 0
check "SIGTERM: exits within a second (took $took ms)" test "$took" -lt 1000

run alone --network none
check "starts without any network" healthy alone
podman stop -t 5 alone > /dev/null 2>&1
run arguments --network host -- --port "$port" --timing instant
for _ in $(seq 50); do curl -fs "$url/_fauxgen/ready" > /dev/null && break; sleep 0.1; done
check "listens on the same address when it gets arguments" curl -fsS "$url/_fauxgen/ready"
podman stop -t 5 arguments > /dev/null 2>&1

# Runs the containers of docker/compose.yaml with explicit options, because Debian's podman-compose supports no conditions.
podman network create "$network" > /dev/null
mapfile -t hosts < <(sed -n '/^ *aliases:$/,/^$/s/^ *- //p' docker/compose.yaml)
run emulator --network "$network" --network-alias emulator "${hosts[@]/#/--network-alias=}" --sysctl net.ipv4.ip_unprivileged_port_start=0 \
  --read-only --tmpfs /tmp -v "$network:/authority" -e FAUXGEN_PORT=80 -- --tls --tls-port 443 --tls-authority /authority/ca.pem
check "compose: passes its healthcheck on the port of FAUXGEN_PORT" healthy emulator
node_image=docker.io/library/node:24-bookworm-slim
run_image "$node_image" receiver --network "$network" --network-alias receiver -v "$PWD/docker/receiver:/receiver:ro" -- node /receiver/receiver.mjs
app() { # app podman-options… -- command…: runs the example app's container to its end
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  podman run --rm "${limits[@]}" --network "$network" -v "$PWD/docker/example-app:/app:ro" -e SYNC_API_KEY=fx_compose_main "${options[@]}" "$node_image" "$@" | tee "$work/app.log"
}
check "compose: an app with a hard-coded host reaches the emulator by alias and TLS" app -v "$network:/authority:ro" \
  -e NODE_EXTRA_CA_CERTS=/authority/ca.pem -e WEBHOOK_URL=http://receiver:8080/hooks -- node /app/app.mjs
check "compose: the app downloads a video" grep -q '^COMPLETED: .* bytes of video' "$work/app.log"
received() { for _ in $(seq 50); do podman logs receiver 2> /dev/null | grep -q '^POST /hooks t=.*COMPLETED' && return 0; sleep 0.1; done; podman logs receiver; return 1; }
check "compose: the receiver gets a signed webhook" received
podman image mount localhost/fauxgen:verify > "$work/mount"
check "an app with a hard-coded host reaches the emulator by the preload" app -v "$(cat "$work/mount")/app:/fauxgen:ro" \
  -e FAUXGEN_URL=http://emulator -- node --import /fauxgen/dist/intercept.js /app/app.mjs
check "an app reaches the emulator by a base URL" app -e SYNC_BASE_URL=http://emulator -- node /app/app.mjs
podman stop -t 5 emulator > /dev/null 2>&1

size_of() { du -sm "$1" | cut -f1; }
mount=$(cat "$work/mount")
echo "verify: $(size_of "$mount") MB in all: node $(size_of "$mount/usr/local/bin/node") MB, node_modules $(size_of "$mount/app/node_modules") MB," \
  "our code $(size_of "$mount/app/dist") MB, fixtures $(size_of "$mount/app/fixtures") MB, the rest is the base (a stand-in: see its own size)"
echo "verify: Alpine is not measured, because its base image and Node.js cannot be made from Debian packages"
echo "$passed passed, 0 failed"
