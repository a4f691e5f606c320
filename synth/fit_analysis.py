"""Learn what `synth.analysis` and `synth.tempo` estimate: ``python -m synth.fit_analysis``.

``python -m synth.fit_analysis 450 --estimates`` keeps the tempo and learns the estimates alone.

Random vibes are composed, rendered and measured. Ridge regression maps the measurements back to
what was asked for; a conditional logit learns which of the related tempi is the one that was
written, from the same renders, from pieces in every style, and from bare click tracks. Seeds lie
from 100,000 up, so that tests with small seeds hear unseen music.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from scipy.optimize import minimize

from music.features import N, index_of
from music.theory import STYLES
from music.vibe import Vibe
from synth.analysis import ESTIMATED, bent, heard
from synth.config import config_from_style, config_from_vibe
from synth.descriptors import RATE, frames, mono_at_rate
from synth.learned import table
from synth.partials import Floats, Samples
from synth.render import render
from synth.tempo import evidence, refined, related, repeats

FIRST_SEED: Final = 100_000
TABLES: Final = Path(__file__).parent / "tables"
_RIDGE: Final = 50.0  # by cross-validation
_SHRINK: Final = 0.3  # by vibes not learned from
_NEAR: Final = 0.012  # a tempo this close is the one
Choice = tuple[Floats, np.ndarray]  # evidence (n_candidates, n), which of them are right


def random_vibe(seed: int) -> Vibe:
    """A vibe without words whose nine percentiles are drawn evenly."""
    rng = np.random.default_rng([seed, 3])
    return Vibe(tuple(rng.random(N).tolist()), (1.0,) * N, (), "random")


def vibe_render(seed: int) -> tuple[Samples, float, Floats]:
    """A random vibe as sound, its tempo, and what it asked for."""
    vibe = random_vibe(seed)
    config = config_from_vibe(vibe, seed)
    asked = np.array([vibe.features[index_of(n)] for n in ESTIMATED])
    return render(config, bars=8, sample_rate=RATE).samples, config.tempo_bpm, asked


def clicks(seed: int, seconds: float = 16.0) -> tuple[Samples, float]:
    """A bare click track: bursts of noise or of a tone, every second to fourth one louder."""
    rng = np.random.default_rng([seed, 4])
    tempo = float(rng.uniform(60, 190))
    out = np.zeros(round(seconds * RATE), np.float32)
    n, every = int(rng.integers(200, 1_500)), int(rng.integers(2, 5))
    body = rng.normal(size=n) if rng.random() < 0.5 else np.sin(np.arange(n) * rng.uniform(0.1, 1))
    burst = body * np.exp(-np.arange(n) / n * 6)
    for i in range(int(seconds * tempo / 60)):
        at = round(i * 60 / tempo * RATE)
        out[at : at + n] += burst[: len(out) - at] * (1.0 if i % every == 0 else 0.6)
    return out, tempo


def choice(samples: Samples, tempo: float) -> Choice | None:
    """What speaks for each related tempo, and which is right; None if none of them is."""
    found = frames(mono_at_rate(samples, RATE))
    repeat = repeats(found)
    if repeat is None:
        return None
    candidates, _ = related(repeat)
    right = np.array([abs(refined(repeat, bpm) / tempo - 1) < _NEAR for bpm in candidates])
    values = np.array([evidence(found, repeat, bpm) for bpm in candidates])
    return (values, right) if right.any() else None


def fit_tempo(choices: Sequence[Choice]) -> Floats:
    """Weights (n,) of the evidence that make the right tempo win most often."""
    spread = np.concatenate([values for values, _ in choices]).std(axis=0) + 1e-9

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for values, right in choices:
            scaled = values / spread
            e = np.exp(scaled @ weights - (scaled @ weights).max())
            total -= float(np.log((e * right).sum() / e.sum()))
            slope += scaled.T @ (e / e.sum() - e * right / (e * right).sum())
        return total + _SHRINK * float(weights @ weights), slope + 2 * _SHRINK * weights

    start = np.zeros(len(spread))
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x / spread)


def fit(values: Floats, asked: Floats) -> tuple[Floats, Floats, Floats]:
    """Means, spreads and weights (4, 1 + 2 n) of a ridge regression on what is `bent`."""
    means, spreads = values.mean(axis=0), values.std(axis=0) + 1e-6
    x = bent(values, means, spreads)
    centre, middle = x.mean(axis=0), asked.mean(axis=0)
    inner = (x - centre).T @ (x - centre) + _RIDGE * np.eye(x.shape[1])
    weights = np.linalg.solve(inner, (x - centre).T @ (asked - middle)).T
    return means, spreads, np.concatenate([(middle - weights @ centre)[:, None], weights], axis=1)


def main(n: int, tempo_too: bool) -> None:
    """Render n examples and write the tables; the tempo first, because estimates rest on it."""
    seeds = range(FIRST_SEED, FIRST_SEED + n)
    renders = [vibe_render(seed) for seed in seeds]
    if tempo_too:
        heard_of = [(samples, tempo) for samples, tempo, _ in renders]
        choices = [choice(*one) for one in (*heard_of, *_more(seeds))]
        weights = fit_tempo([c for c in choices if c is not None])
        _write("tempo", "Weights of the evidence for a tempo", n, {"weights": weights})
        table.cache_clear()
    values = np.array([heard(s, RATE, mono_at_rate(s, RATE))[1] for s, _, _ in renders])
    write_estimates(values, np.array([asked for _, _, asked in renders]))


def write_estimates(values: Floats, asked: Floats) -> None:
    """Write the table of estimates from measurements (n_examples, n) and what was asked for."""
    means, spreads, estimates = fit(values, asked)
    rows = {"mean": means, "spread": spreads, **dict(zip(ESTIMATED, estimates, strict=True))}
    what = "Ridge regression from measurements: mean, spread, weights"
    _write("analysis", what, len(values), rows)


def _more(seeds: range) -> Iterator[tuple[Samples, float]]:
    """Further music with a known tempo: each style, and a click track to every fifth render."""
    for i, style in enumerate(STYLES):
        config = config_from_style(style, seeds[i % len(seeds)])
        yield render(config, bars=8, sample_rate=RATE).samples, config.tempo_bpm
    yield from (clicks(seed) for seed in seeds[::5])


def _write(name: str, what: str, n: int, rows: Mapping[str, Floats]) -> None:
    lines = [f"# {what} (synth/fit_analysis.py, {n} random vibes, {date.today().isoformat()})."]
    lines += [",".join([key, *(f"{v:.5g}" for v in row)]) for key, row in rows.items()]
    (TABLES / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:] if text.isdigit()]
    main(numbers[0] if numbers else 600, tempo_too="--estimates" not in sys.argv)
