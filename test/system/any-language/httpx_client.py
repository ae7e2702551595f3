"""Requests the URL of the first argument with the key of the second, by the proxy of the environment."""

import sys

import httpx

_, url, key = sys.argv
print(httpx.get(url, headers={"authorization": f"Bearer {key}"}, timeout=20).status_code, end="")
