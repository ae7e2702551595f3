"""Clients with hard-coded hosts, written after known programs in Python. Each uses only the standard library."""
import json
import os
import sys
import time
import urllib.error
import urllib.request


def call(method, url, headers, body=None):
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", **headers} if body is not None else headers
    request = urllib.request.Request(url, data=data, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.headers, answer.read()


def node_of_sync():
    """Lip-syncs like a node of a workflow editor: JSON, then polls until COMPLETED or FAILED, then downloads."""
    headers = {"x-api-key": os.environ["SYNC_API_KEY"]}
    base = "https://api.sync.so/v2/generate"
    media = [{"type": "video", "url": "https://media.test/v.mp4"}, {"type": "audio", "url": "https://media.test/a.wav"}]
    _, _, body = call("POST", base, headers, {"model": "lipsync-2", "input": media})
    job = json.loads(body)
    while job["status"] not in ("COMPLETED", "FAILED"):
        time.sleep(0.2)
        job = json.loads(call("GET", f"{base}/{job['id']}", headers)[2])
    _, facts, film = call("GET", job["outputUrl"], {})
    return [job["status"], facts["content-type"], b"mp4a" in film]


def command_of_oxen():
    """Queues two images like a command line tool, and prints their rows."""
    base = "https://hub.oxen.ai/api/ai"
    headers = {"authorization": "Bearer " + os.environ["OXEN_API_KEY"]}
    body = {"model": "flux-3-image", "prompt": "an ox", "num_generations": 2}
    rows = json.loads(call("POST", f"{base}/queue", headers, body)[2])["generations"]
    for row in rows:
        while row["status"] not in ("succeeded", "failed", "cancelled"):
            time.sleep(0.2)
            row.update(json.loads(call("GET", f"{base}/queue/{row['generation_id']}", headers)[2]))
    return [row["status"] for row in rows] + [call("GET", rows[0]["result_url"], {})[1]["content-type"]]


def headshots_of_affogato():
    """Uploads a face and goes on only after 200; expects 202 and `data.images` from the create."""
    base = "https://api.rendernet.ai/pub/v1"
    headers = {"X-API-KEY": os.environ["RENDERNET_API_KEY"]}
    size = {"height": 512, "width": 512}
    status, _, body = call("POST", f"{base}/assets/upload", headers, {"size": size})
    if status != 200:
        return [f"upload answered {status}"]
    upload = json.loads(body)["data"]
    call("PUT", upload["upload_url"], {"content-type": "image/png"}, b"\x89PNG\r\n\x1a\n")
    status, _, body = call("POST", f"{base}/generations", headers, [{"prompt": {"positive": "a headshot"}}])
    return [status, len(json.loads(body)["data"]["images"])]


print(json.dumps(globals()[sys.argv[1]]()))
