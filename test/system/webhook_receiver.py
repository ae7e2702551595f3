"""A webhook receiver that uses only the standard library and verifies signatures as the vendors' documentation says.

POST /sync verifies twice: over the raw body, and over the json.dumps of the parsed body, as the vendor's Python sample
does. POST /vivix verifies over the raw body. The answer is 200, or 400 with the name of the failed check. The first
line of the output is the port.
"""

import hashlib
import hmac
import json
import os
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def digest(secret, message):
    return hmac.new(secret.encode("utf-8"), message, hashlib.sha256).hexdigest()


def verify_sync(headers, body):
    match = re.match(r"t=(\d+),v1=(.+)", headers.get("Sync-Signature", ""))
    if match is None:
        return "header"
    timestamp, signature = match.groups()
    dumped = json.dumps(json.loads(body), separators=(",", ":")).encode("utf-8")
    for name, message in (("raw", body), ("dumped", dumped)):
        expected = digest(os.environ["SYNC_SECRET"], timestamp.encode("ascii") + b"." + message)
        if not hmac.compare_digest(signature, expected):
            return name
    return None


def verify_vivix(headers, body):
    expected = "sha256=" + digest(os.environ["VIVIX_SECRET"], body)
    return None if hmac.compare_digest(headers.get("X-Vivix-Signature", ""), expected) else "raw"


VERIFIERS = {"/sync": verify_sync, "/vivix": verify_vivix}


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        problem = VERIFIERS[self.path](self.headers, body)
        answer = b"verified" if problem is None else f"not verified: {problem}".encode("ascii")
        self.send_response(200 if problem is None else 400)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    sys.exit(0)
