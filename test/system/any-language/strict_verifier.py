"""Opens a TLS connection to the port of the first argument, and verifies the host of the third as strictly as OpenSSL can."""

import socket
import ssl
import sys

_, port, authority, host = sys.argv
context = ssl.create_default_context(cafile=authority)
context.verify_flags |= ssl.VERIFY_X509_STRICT
with socket.create_connection(("127.0.0.1", int(port))) as plain, context.wrap_socket(plain, server_hostname=host) as secure:
    print(secure.version(), end="")
