"""One form for every benchmark: rows of name, value, unit, must, aim and peer.

``python -m benchmarks.NAME [--json FILE] [--check]`` prints the table; ``--json`` writes the same
rows; ``--check`` exits 1 and names every must that falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Row:
    """One measured figure.

    Parameters
    ----------
    must, aim
        Bounds; a figure with ``better="less"`` must not exceed them, with ``"more"`` must not fall
        short of them. None = only reported.
    peer
        The figure of the compared system, measured in the same run, in words.
    """

    name: str
    value: float
    unit: str
    must: float | None = None
    aim: float | None = None
    peer: str = ""
    better: str = "less"

    def meets(self, bound: float | None) -> bool:
        """Whether the value reaches a bound; no bound is always reached, NaN reaches none."""
        if bound is None:
            return True
        return self.value <= bound if self.better == "less" else self.value >= bound

    def cells(self) -> tuple[str, ...]:
        """The row as text, ready for a table."""
        sign = "<=" if self.better == "less" else ">="
        bounds = tuple("" if b is None else f"{sign} {_short(b)}" for b in (self.must, self.aim))
        return (self.name, _short(self.value), self.unit, *bounds, self.peer)


HEADER = ("name", "value", "unit", "must", "aim", "peer")


def run(rows: Callable[[], Iterable[Row]], argv: Sequence[str] | None = None) -> int:
    """Measure, print, and write: the body of every ``if __name__ == "__main__"`` here."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path, help="write the rows here as JSON")
    parser.add_argument("--check", action="store_true", help="exit 1 when a must falls short")
    options = parser.parse_args(argv)
    before = machine()
    measured = list(rows())
    print(markdown(measured))
    if options.json:
        document = {**before, "rows": [asdict(row) for row in measured]}
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    short = [row for row in measured if not row.meets(row.must)]
    if options.check:
        for row in short:
            print(f"falls short: {' | '.join(row.cells())}", file=sys.stderr)
    return 1 if options.check and short else 0


def markdown(rows: Iterable[Row]) -> str:
    """The rows as an aligned Markdown table."""
    lines = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADER))]
    text = [" | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in (text[0], rule, *text[1:]))


def machine() -> dict[str, str]:
    """What the figures were measured on, and when."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or "unknown processor"
    if info.exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        model = f"{len(names)} x {names[0].split(':')[1].strip()}" if names else model
    return {
        "date": date.today().isoformat(),
        "machine": model,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "load": f"{os.getloadavg()[0]:.1f}",  # above the number of cores, clocks run slow
    }


def median_ms(call: Callable[[], object], repeat: int = 7, warm: int = 1) -> float:
    """Median wall time of a call, in milliseconds, after warm-up."""
    return float(np.median(times_ms(call, repeat, warm)))


def times_ms(call: Callable[[], object], repeat: int, warm: int = 1) -> list[float]:
    """Wall times of a call, in milliseconds, after warm-up."""
    for _ in range(warm):
        call()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def _short(value: float) -> str:
    if value != value:
        return "not measured"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
