"""Fixtures for pytest: each test gets its own sandbox. They need only the standard library and are safe under pytest-xdist.

They use the server of FAUXGEN_URL (a container, or `fauxgen exec -- pytest`), or start a server per worker with
FAUXGEN_COMMAND (default: `npx fauxgen`).
"""

import hashlib
import json
import os
import re
import shlex
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest


class FauxgenError(AssertionError):
    """The error of a control call that the server refused; `problem` is the whole response."""

    def __init__(self, problem):
        super().__init__(problem.get("detail") or json.dumps(problem))
        self.problem = problem


class Fauxgen:
    """A local or remote fauxgen server."""

    def __init__(self, url):
        self.url = url.rstrip("/")

    def call(self, method, path, body=None, query=None):
        # pytest then shows the line of the test, and not these of the fixture.
        __tracebackhide__ = True
        url = f"{self.url}/_fauxgen{path}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        request = urllib.request.Request(url, method=method)
        token = os.environ.get("FAUXGEN_CONTROL_TOKEN")
        if token:
            request.add_header("authorization", f"Bearer {token}")
        data = None
        if body is not None:
            request.add_header("content-type", "application/json")
            data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data) as answer:
                text = answer.read().decode()
                is_json = "json" in answer.headers.get("content-type", "")
                return json.loads(text) if is_json and text else text
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            try:
                problem = json.loads(text)
            except ValueError:
                problem = {"detail": f"{method} {path} answered {error.code}. {text[:200]}"}
            raise FauxgenError(problem) from None


class Sandbox:
    """An isolated sandbox: `sandbox.vendors["sync"]` has baseUrl, apiKey, webhookSecret and env."""

    def __init__(self, fauxgen, name, settings=None):
        self.fauxgen = fauxgen
        self.name = name
        self.vendors = self.put("", settings or {})["vendors"]

    def get(self, path, **query):
        __tracebackhide__ = True
        return self.fauxgen.call("GET", f"/sandboxes/{self.name}{path}", query=query)

    def post(self, path, body=None):
        __tracebackhide__ = True
        return self.fauxgen.call("POST", f"/sandboxes/{self.name}{path}", body if body is not None else {})

    def put(self, path, body):
        __tracebackhide__ = True
        return self.fauxgen.call("PUT", f"/sandboxes/{self.name}{path}", body)

    def freeze(self):
        __tracebackhide__ = True
        return self.post("/clock/freeze")

    def advance(self, by):
        __tracebackhide__ = True
        return self.post("/clock/advance", {"by": by})

    def rule(self, **rule):
        __tracebackhide__ = True
        return self.post("/rules", rule)

    def verify(self, count, **wanted):
        __tracebackhide__ = True
        return self.post("/requests/verify", {**wanted, "count": count})

    def generations(self, count=0, within="5s", **match):
        """Waits until at least `count` generations match, and returns them."""
        __tracebackhide__ = True
        return self.get("/generations", count=count, within=within, **match)["items"]

    def held(self, count=0, within="5s", **match):
        """Waits until at least `count` requests are held, and returns them."""
        __tracebackhide__ = True
        return self.get("/waiters", count=count, within=within, **match)["items"]

    def report(self):
        return self.get("/report", format="text")

    def dispose(self):
        self.fauxgen.call("DELETE", f"/sandboxes/{self.name}")


@pytest.fixture(scope="session")
def fauxgen():
    """Provides the server of FAUXGEN_URL, or starts a server for each worker."""
    url = os.environ.get("FAUXGEN_URL")
    if url:
        yield Fauxgen(url)
        return
    command = shlex.split(os.environ.get("FAUXGEN_COMMAND", "npx fauxgen"))
    process = subprocess.Popen([*command, "--port", "0", "--json"], stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{shlex.join(command)} ended with {process.wait()} before it was ready")
        yield Fauxgen(json.loads(line)["url"])
    finally:
        process.terminate()
        process.wait()


_reports = pytest.StashKey()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    item.stash.setdefault(_reports, {})[report.when] = report


@pytest.fixture
def sandbox(fauxgen, request):
    """Provides the test's own sandbox, and prints its report if the test fails."""
    world = Sandbox(fauxgen, _name_of(request.node.nodeid))
    # A killed run may have left a sandbox of this name.
    world.post("/reset")
    yield world
    called = request.node.stash.get(_reports, {}).get("call")
    if called is not None and called.failed:
        try:
            print(world.report())
        except FauxgenError as error:
            print(f'Sandbox "{world.name}" has no report: {error}')
    world.dispose()


def _name_of(node_id):
    """Returns the same name in each run, so that ids are the same. FAUXGEN_SANDBOX is a prefix for runs that share a server."""
    prefix = os.environ.get("FAUXGEN_SANDBOX", "")
    digest = hashlib.sha256(f"{prefix}\0{node_id}".encode()).hexdigest()[:12]
    words = re.sub("[^a-z0-9]+", "-", f"{prefix}-{node_id.split('::')[-1]}".lower()).strip("-")
    return f"{words[:27].rstrip('-')}-{digest}"
