"""The house rules that no tool checks for us."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("music", "library", "recommender", "llm", "synth", "studio", "api")
DOORS = {
    "app.py": {"pages", "api", "studio", "music"},
    "cli.py": {*ROOMS, "cli_library", "cli_parts", "cli_playlist", "cli_recommend", "cli_words"},
    "cli_library.py": {*ROOMS, "cli_parts"},
    "cli_parts.py": {"music", "studio"},
    "cli_playlist.py": {*ROOMS, "cli_parts"},
    "cli_recommend.py": {*ROOMS, "cli_parts"},
    "cli_words.py": {*ROOMS, "cli_parts"},
}

# Files over 600 lines, each with its reason.
LONG_FILES: dict[str, str] = {}


def sources() -> Iterator[Path]:
    """Every Python file of ours."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return (ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists())


def imported(path: Path) -> set[str]:
    """The top-level names a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("door", DOORS)
def test_a_door_reaches_only_what_lies_below_it(door):
    """import-linter takes packages only, so the two files at the top are checked here."""
    ours = {*ROOMS, "pages", *(Path(name).stem for name in DOORS)}
    assert imported(ROOT / door) & ours <= DOORS[door]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_opens_without_torch_or_streamlit(room):
    code = (
        f"import pkgutil, sys, {room}\n"
        f"for m in pkgutil.walk_packages({room}.__path__, '{room}.'):\n"
        f"    if not m.name.endswith('__main__'): __import__(m.name)\n"
        "heavy = {'torch', 'transformers', 'streamlit', 'plotly.express'} & set(sys.modules)\n"
        "sys.exit(f'loads {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_our_llm_is_ours():
    """`llm`, `synth` and `pages` are also names on the package index."""
    import llm
    import pages
    import synth

    for package in (llm, pages, synth):
        assert Path(package.__file__).is_relative_to(ROOT)


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file with its dotted name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


FORBIDDEN_CALLS = ("eval", "exec", "pickle.load", "pickle.loads", "torch.load", "joblib.load")


def test_nothing_a_link_or_file_brings_is_executed():
    bad = [
        f"{path.relative_to(ROOT)}:{call.lineno} calls {name}"
        for path in sources()
        for name, call in calls(path)
        if name in FORBIDDEN_CALLS
        or any(k.arg == "unsafe_allow_html" for k in call.keywords)
        or any(k.arg == "allow_pickle" and ast.unparse(k.value) != "False" for k in call.keywords)
        or any(
            k.arg == "trust_remote_code" and ast.unparse(k.value) != "False" for k in call.keywords
        )
    ]
    assert bad == []


def test_files_are_short_or_say_why_not():
    long = {
        str(path.relative_to(ROOT))
        for path in sources()
        if len(path.read_text(encoding="utf-8").splitlines()) > 600
    }
    assert long == set(LONG_FILES)


def test_app_starts_light():
    """The first screen needs none of the heavy libraries before it is drawn."""
    code = (
        "import sys, app\n"
        "heavy = {'torch', 'transformers', 'sklearn', 'umap', 'scipy.signal', 'plotly.express'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
