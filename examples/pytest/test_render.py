"""How an app that renders with vivix is tested: success, failure, and what it asked."""

import json
import urllib.error
import urllib.request

import pytest


def vivix(sandbox, method, path, body=None):
    """What the app under test does."""
    access = sandbox.vendors["vivix"]
    request = urllib.request.Request(access["baseUrl"] + path, method=method)
    request.add_header("authorization", "Bearer " + access["apiKey"])
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, json.dumps(body).encode() if body else None) as answer:
        return json.load(answer)


def start(sandbox):
    body = {"model": "grok-imagine-image-quality", "prompt": "a lighthouse"}
    return vivix(sandbox, "POST", "/api/v1/generate", body)["generation_id"]


@pytest.mark.parametrize("scenario, status", [("succeed", "completed"), ("fail", "failed")])
def test_shows_how_a_render_ends(sandbox, scenario, status):
    sandbox.freeze()
    sandbox.rule(when={"vendor": "vivix"}, scenario=scenario)
    render = start(sandbox)
    assert vivix(sandbox, "GET", f"/api/v1/generations/{render}")["status"] == "pending"
    sandbox.advance("1m")
    assert vivix(sandbox, "GET", f"/api/v1/generations/{render}")["status"] == status


def test_asks_once(sandbox):
    start(sandbox)
    sandbox.verify({"exactly": 1}, vendor="vivix", operation="createGeneration")
    assert [found["vendor"] for found in sandbox.generations(count=1)] == ["vivix"]


def test_tells_the_developer_what_is_wrong(sandbox):
    with pytest.raises(AssertionError, match="Did you mean fail"):
        sandbox.rule(scenario="fial")


def test_worlds_do_not_meet(sandbox):
    assert sandbox.generations() == []
    with pytest.raises(urllib.error.HTTPError):
        vivix(sandbox, "GET", "/api/v1/generations/7b6d1f4e-0000-4000-8000-000000000000")
