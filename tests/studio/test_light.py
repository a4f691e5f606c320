"""What every page knows costs nothing before somebody uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("door", ["studio.leaving", "studio.imports", "studio.spotify_jobs", "cli"])
def test_a_way_in_or_out_loads_nothing_heavy(door):
    code = (
        f"import sys, {door}\n"
        "heavy = {'sklearn', 'spotipy', 'requests'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
