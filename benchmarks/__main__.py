"""``python -m benchmarks``: run every benchmark and rewrite the tables of BENCHMARKS.md."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.table import Row, markdown

ROOT = Path(__file__).parent.parent
TITLES = {
    "house": "The walk through the house",
    "library": "Library: imports and sync",
    "recommender": "Recommender: quality and speed",
    "sound": "Sound",
    "words": "Words",
    "playlists": "Playlists from a sentence",
}
HEAD = (
    "# Benchmarks\n\nEvery row is measured through the public door by `python -m benchmarks.NAME`; "
    "`make bench` runs them all and rewrites this page.\n"
)


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all there are, and keep the tables of the others."""
    chosen = names or [n for n in TITLES if (ROOT / "benchmarks" / f"{n}.py").exists()]
    page = ROOT / "BENCHMARKS.md"
    sections = read_sections(page)
    for name in chosen:
        print(f"{name} ...", flush=True)
        sections[name] = section(name)
        text = HEAD + "".join(sections[n] for n in TITLES if n in sections)
        page.write_text(text, encoding="utf-8")


def read_sections(page: Path) -> dict[str, str]:
    """The sections the page has, by benchmark name."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    parts = ("\n## " + part for part in text.split("\n## ")[1:])
    by_title = {part.splitlines()[1].removeprefix("## "): part for part in parts}
    return {n: by_title[t] for n, t in TITLES.items() if t in by_title}


def section(name: str) -> str:
    """One benchmark, run in a process of its own, as a section."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", "--json", out], check=True)
        found = json.loads(out.read_text(encoding="utf-8"))
    table = markdown(Row(**row) for row in found.pop("rows"))
    where = ", ".join(f"{key} {value}" for key, value in found.items())
    return f"\n## {TITLES[name]}\n\n{where}.\n\n{table}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
