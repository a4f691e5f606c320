"""What all tests share: a home of their own, and a gate that allows no skipped test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the library of the person who runs it."""
    monkeypatch.setenv("GHOSTNOTES_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("GHOSTNOTES_DATABASE_URL", raising=False)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real tables, or a skip that says how to get them."""
    folder = os.environ.get("GHOSTNOTES_DATA")
    if not folder:
        pytest.skip("needs the real tables: set GHOSTNOTES_DATA to their folder")
    return Path(folder)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium the browser tests are skipped by name."""
    import shutil

    if shutil.which("chromium"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="needs Debian's chromium"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under GHOSTNOTES_NO_SKIPS=1 (the gate) a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("GHOSTNOTES_NO_SKIPS") != "1":
        return
    if skipped := reporter.stats.get("skipped", []):
        reporter.write_line(f"{len(skipped)} skipped; the gate allows none.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
