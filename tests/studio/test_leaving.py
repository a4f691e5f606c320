"""Leaving costs nothing before somebody leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_way_out_loads_nothing_heavy():
    """Every page that keeps things, and every command, knows it."""
    code = (
        "import sys, studio.leaving\n"
        "heavy = {'sklearn', 'spotipy', 'scipy', 'requests'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
