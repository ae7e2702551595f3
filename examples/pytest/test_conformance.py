"""Runs the app's client through the documented misfortunes of a vendor: each case is a test of its own."""

import json
import os
import pathlib
import shlex
import subprocess
import sys

import pytest

FAUXGEN = shlex.split(os.environ.get("FAUXGEN_COMMAND", "npx fauxgen"))
COMMAND = [*FAUXGEN, "conform", "--cases", "vivix/lifecycle/*"]
CLIENT = [sys.executable, str(pathlib.Path(__file__).with_name("render.py"))]
CASES = json.loads(subprocess.run([*COMMAND, "--list", "--json"], check=True, capture_output=True).stdout)


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    report = tmp_path_factory.mktemp("conformance") / "report.json"
    # The jobs of the cases take less than a second.
    env = {**os.environ, "RENDER_GAP_SECONDS": "0.2"}
    run = subprocess.run([*COMMAND, "--report", f"json={report}", "--", *CLIENT], env=env, capture_output=True, text=True)
    # A client that does not even render when all goes well gets no report.
    assert report.exists(), run.stderr
    return {result["case"]: result for result in json.loads(report.read_text())["results"]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_conformance(case, results):
    result = results[case["id"]]
    if result["verdict"] == "not-exercised":
        pytest.skip(result["findings"][0]["seen"])
    broken = [f"{each['expected']}; {each['seen']}" for each in result["findings"] if not each["holds"]]
    assert result["verdict"] not in ("fail", "hang"), "\n".join(broken)
