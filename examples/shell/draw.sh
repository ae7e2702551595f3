#!/bin/sh
# The app: draws a picture with Oxen.ai, waits for it, and saves it. Usage: draw.sh PROMPT FILE
set -eu
base=${OXEN_BASE_URL:-https://hub.oxen.ai/api/ai}
authorization="Authorization: Bearer $OXEN_API_KEY"
field() { sed -nE "s/.*\"$1\":\"([^\"]+)\".*/\1/p"; }

id=$(curl -sf "$base/queue" -H "$authorization" -H 'Content-Type: application/json' \
  -d "{\"model\":\"black-forest-labs-flux-2-klein-4b\",\"prompt\":\"$1\"}" | field generation_id)
while :; do
  answer=$(curl -sf "$base/queue/$id" -H "$authorization")
  case $(echo "$answer" | field status) in
    succeeded) break ;;
    failed) echo "draw: $(echo "$answer" | field error_message)" >&2; exit 1 ;;
  esac
  sleep "${POLL_SECONDS:-1}"
done
curl -sf -o "$2" "$(echo "$answer" | field result_url)"
