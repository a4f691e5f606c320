"""The front door opens in three ways, each with the same dashboard and routes beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from streamlit.testing.v1 import AppTest

from tests.browser.conftest import free_port

ROOT = Path(__file__).parent.parent
WAYS = {
    "python app.py": [sys.executable, "app.py"],
    "streamlit run app.py": [sys.executable, "-m", "streamlit", "run", "app.py"],
}


@pytest.mark.parametrize("way", WAYS)
def test_dashboard_and_api_answer_on_one_port(way, tmp_path):
    port = free_port()
    environment = {
        **os.environ, "PORT": str(port), "GHOSTNOTES_HOME": str(tmp_path),
        "STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_SERVER_PORT": str(port),
    }  # fmt: skip
    process = subprocess.Popen(WAYS[way], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        assert answer(port, "/_stcore/health", process) == "ok"
        assert json.loads(answer(port, "/api/health", process))["status"] == "ok"
        assert "<title>Streamlit</title>" in answer(port, "/", process)
    finally:
        process.terminate()
        process.wait(20)


def answer(port: int, path: str, process: subprocess.Popen[bytes]) -> str:
    """What the server says there, once it has started."""
    while process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as found:
                return str(found.read(), "utf-8")
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server ended with {process.returncode}")


def test_it_runs_under_apptest():
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not test.exception
    assert any("band this library deserves" in m.value for m in test.markdown)
