"""What is missing on a fresh machine is said in a sentence that tells what to do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(code: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def run_bootstrap(prepare: str, folder: Path) -> subprocess.CompletedProcess[str]:
    for name in ("bootstrap.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return run(
        f"import runpy, sys; {prepare}; runpy.run_path('bootstrap.py', run_name='__main__')", folder
    )


def test_an_old_python_is_told_which_one_is_needed(tmp_path):
    done = run_bootstrap("sys.version_info = (3, 8, 0)", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Ghostnotes needs Python 3.11 or newer; this is ")
    assert "make run PYTHON=python3.12" in done.stderr


def test_a_missing_venv_module_is_named_with_its_package(tmp_path):
    done = run_bootstrap("sys.modules['ensurepip'] = None", tmp_path)
    assert done.returncode == 1
    assert "no venv module" in done.stderr
    assert "sudo apt install python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_bootstrap_reads_on_any_python():
    """No syntax newer than what it has to be able to refuse."""
    import ast

    ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 4))


def test_a_busy_port_is_told_how_to_choose_another():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "app.py"],
            cwd=ROOT, env={**os.environ, "PORT": str(port)}, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr
