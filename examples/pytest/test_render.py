"""Tests an app that renders with vivix: success, failure, and the requests that the app sent."""

import json
import urllib.error
import urllib.request

import pytest


def vivix(sandbox, method, path, body=None):
    """Sends a request as the app under test does."""
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
def test_a_render_ends_with_the_status_of_its_scenario(sandbox, scenario, status):
    sandbox.freeze()
    sandbox.rule(when={"vendor": "vivix"}, scenario=scenario)
    render = start(sandbox)
    assert vivix(sandbox, "GET", f"/api/v1/generations/{render}")["status"] == "pending"
    sandbox.advance("1m")
    assert vivix(sandbox, "GET", f"/api/v1/generations/{render}")["status"] == status


def test_the_app_creates_one_generation(sandbox):
    start(sandbox)
    sandbox.verify({"exactly": 1}, vendor="vivix", operation="createGeneration")
    assert [found["vendor"] for found in sandbox.generations(count=1)] == ["vivix"]


def test_a_mistyped_scenario_is_refused_with_a_suggestion(sandbox):
    with pytest.raises(AssertionError, match="Did you mean fail"):
        sandbox.rule(scenario="fial")


def test_sandboxes_are_isolated(sandbox):
    assert sandbox.generations() == []
    with pytest.raises(urllib.error.HTTPError):
        vivix(sandbox, "GET", "/api/v1/generations/7b6d1f4e-0000-4000-8000-000000000000")
