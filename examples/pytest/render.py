"""A client of vivix that renders one image and fetches it: `python render.py`. It ends with 1 if that fails."""

import json
import os
import time
import urllib.request

BASE_URL = os.environ["VIVIX_BASE_URL"]
GAP_SECONDS = float(os.environ.get("RENDER_GAP_SECONDS", "3"))


def send(method, path, body=None):
    request = urllib.request.Request(BASE_URL + path, method=method)
    request.add_header("authorization", "Bearer " + os.environ["VIVIX_API_KEY"])
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, json.dumps(body).encode() if body else None, timeout=10) as answer:
        return json.load(answer)


def render(prompt):
    body = {"model": "grok-imagine-image-quality", "prompt": prompt}
    render_id = send("POST", "/api/v1/generate", body)["generation_id"]
    while True:
        state = send("GET", f"/api/v1/generations/{render_id}")
        if state["status"] == "failed":
            raise SystemExit(state["message"])
        if state["status"] == "completed":
            with urllib.request.urlopen(state["output_url"], timeout=10) as picture:
                return picture.read()
        time.sleep(GAP_SECONDS)


if __name__ == "__main__":
    print(f"{len(render('a lighthouse'))} bytes")
