"""Requests the URL of the first argument with the key of the second, by the proxy of the environment."""

import sys

import requests

_, url, key = sys.argv
print(requests.get(url, headers={"authorization": f"Bearer {key}"}, timeout=20).status_code, end="")
