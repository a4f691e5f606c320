"""What the README shows in a notebook runs as it stands there, on an export of Exportify."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.library.files import csv_bytes, row

ROOT = Path(__file__).parent.parent


def example() -> str:
    """The notebook cell of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert found
    return found.group(1)


def test_the_notebook_example_is_five_lines_and_recommends_from_an_export(tmp_path):
    lines = [line for line in example().splitlines() if line.strip()]
    assert len(lines) == 5
    rows = [row(i) for i in range(40)]
    (tmp_path / "Liked_Songs.csv").write_bytes(csv_bytes(rows))
    cell = "\n".join([*lines[:-1], f"print(len({lines[-1]}))"])
    done = subprocess.run(
        [sys.executable, "-c", cell], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 20
