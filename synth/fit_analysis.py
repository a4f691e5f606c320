"""Learn the estimates of `synth.analysis` from our own renders: ``python -m synth.fit_analysis``.

Random vibes are composed, rendered and measured; ridge regression maps the measurements back to
what was asked for. Seeds from 100,000 up, so that tests with small seeds see unseen music.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from music.features import N, index_of
from music.vibe import Vibe
from synth.analysis import ESTIMATED, _facts, measured
from synth.config import config_from_vibe
from synth.descriptors import RATE, frames, mono_at_rate
from synth.partials import Floats
from synth.render import render
from synth.tempo import tempo_of
from synth.tonality import key_of

FIRST_SEED: Final = 100_000
TABLE: Final = Path(__file__).parent / "tables" / "analysis.csv"


def random_vibe(seed: int) -> Vibe:
    """A vibe without words whose nine percentiles are drawn evenly."""
    rng = np.random.default_rng([seed, 3])
    return Vibe(tuple(rng.random(N).tolist()), (1.0,) * N, (), "random")


def example(seed: int) -> tuple[Floats, Floats]:
    """Measurements of a rendered random vibe, and what it asked for."""
    vibe = random_vibe(seed)
    audio = render(config_from_vibe(vibe, seed), bars=8, sample_rate=RATE)
    mono = mono_at_rate(audio.samples, RATE)
    found = frames(mono)
    facts = _facts(audio.samples, RATE, found, *tempo_of(found), key_of(mono))
    asked = np.array([vibe.features[index_of(n)] for n in ESTIMATED])
    return measured(mono, found, facts), asked


def fit(values: Floats, asked: Floats, ridge: float = 5.0) -> tuple[Floats, Floats, Floats]:
    """Means, spreads and weights (4, 1 + n) of a ridge regression."""
    means, spreads = values.mean(axis=0), values.std(axis=0) + 1e-6
    x = np.clip((values - means) / spreads, -3, 3)
    middle = asked.mean(axis=0)
    inner = x.T @ x + ridge * np.eye(x.shape[1])
    weights = np.linalg.solve(inner, x.T @ (asked - middle)).T
    return means, spreads, np.concatenate([middle[:, None], weights], axis=1)


def main(n: int) -> None:
    """Render n examples and write the table."""
    pairs = [example(FIRST_SEED + i) for i in range(n)]
    values, asked = (np.array(part) for part in zip(*pairs, strict=True))
    means, spreads, weights = fit(values, asked)
    lines = [
        "# Ridge regression from measurements of a sound to four estimates (synth/fit_analysis.py,",
        f"# {n} renders of random vibes, {date.today().isoformat()}): mean, spread, then weights.",
    ]
    named = {"mean": means, "spread": spreads, **dict(zip(ESTIMATED, weights, strict=True))}
    lines += [",".join([name, *(f"{v:.5g}" for v in row)]) for name, row in named.items()]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
