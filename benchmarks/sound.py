"""Sound: how fast, how clean, how far styles can be told apart, and whether it hears itself.

Times are CPU seconds of one core. Separability, roughness, loudness and clicks are judged by
``tools/eval_sound.py`` beside the shared data, through `benchmarks.sound_adapter`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np

from benchmarks import sound_adapter, sound_music
from benchmarks.sound_names import dead_names
from benchmarks.sound_speed import FACTS, leaks, long_piece, preview, speed
from benchmarks.sound_tween import tween_level
from benchmarks.table import Row, run
from music.theory import SCALES
from synth.analysis import ESTIMATED, analyse
from synth.config import config_from_style, config_from_vibe
from synth.fit_analysis import random_vibe
from synth.mix import CACHE
from synth.render import render


def rows() -> Iterator[Row]:
    """Every row; without the shared tool those it judges are left out, and that is said."""
    yield from speed()
    yield from long_piece()
    yield from preview()
    yield from leaks()
    yield from tween_level()
    yield Row("names that change nothing", float(dead_names()), "names", 0, peer="22 of 57")
    yield Row("same samples twice", float(reproducible()), "yes", 1, better="more", peer="no seed")
    yield from closed_loop(300)
    yield from sound_music.rows()
    tool = shared_tool()
    if tool is None:
        print("GHOSTNOTES_DATA is not set: what tools/eval_sound.py judges is left out.")
    else:
        yield from judged(tool)


def reproducible() -> bool:
    """Whether two renders of one config, the second without cached notes, are bit-identical."""
    digests = set()
    for _ in range(2):
        CACHE.clear()
        samples = render(config_from_style("dub", 3), bars=8).samples
        digests.add(hashlib.sha256(samples.tobytes()).hexdigest())
    return len(digests) == 1


def closed_loop(n: int) -> Iterator[Row]:
    """Random vibes, rendered and heard again; seeds the estimates were not learned from."""
    from scipy.stats import spearmanr

    asked: dict[str, list[float]] = {name: [] for name in ESTIMATED}
    heard: dict[str, list[float]] = {name: [] for name in ESTIMATED}
    tempo, mode = 0, 0
    for seed in range(n):
        vibe = random_vibe(seed)
        config = config_from_vibe(vibe, seed)
        found, facts = analyse(render(config, bars=8, sample_rate=22_050).samples, 22_050)
        tempo += abs(facts.tempo_bpm / config.tempo_bpm - 1) < 0.01
        mode += facts.mode == SCALES[config.scale].tonality
        for name in ESTIMATED:
            asked[name].append(vibe.get(name) or 0.0)
            heard[name].append(found.get(name) or 0.0)
    yield Row("vibe heard back: tempo within 1 %", 100 * tempo / n, "%", 95, None, "", "more")
    yield Row("vibe heard back: mode right", 100 * mode / n, "%", 95, None, "", "more")
    for name in ESTIMATED:
        r = float(spearmanr(asked[name], heard[name])[0])
        yield Row(f"vibe heard back: {name}", r, "rank corr.", 0.8, None, "", "more")


def shared_tool() -> ModuleType | None:
    """The shared evaluation, where the shared folder is at hand."""
    data = os.environ.get("GHOSTNOTES_DATA")
    path = Path(data).parent / "tools" / "eval_sound.py" if data else None
    if path is None or not path.exists():
        return None
    spec = importlib.util.spec_from_file_location("eval_sound", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judged(tool: ModuleType) -> Iterator[Row]:
    """What the shared tool says of our adapter: 12 styles, 14 renders each, 200 random configs."""
    out = tool.run(sound_adapter, sound_adapter.STYLES[:12], 14, 1)
    for key, name, must, peer in (
        ("neutral", "styles told apart, neutral timbre", 0.95, "0.64"),
        ("neutral_trio", "Indian, Egyptian, Arabian, neutral timbre", 0.95, "0.57"),
        ("neutral_harmony_only", "styles told apart by harmony only", 0.85, "0.43-0.47"),
        ("swap2", "styles told apart, two of seven layers swapped", 0.85, "0.62"),
    ):
        yield Row(name, out[key], "share", must, None, f"latentscore {peer} ({FACTS})", "more")
    yield Row(
        "24 styles told apart, neutral timbre", all_styles(tool), "share", None, 0.9, "", "more"
    )
    low, _, p95, top = out["roughness_p5_50_95_max"]
    yield Row("roughness of random configs, p95", p95, "Sethares", 1.33, 1.1, "1.45")
    yield Row("roughness of random configs, max", top, "Sethares", 2, None, "1.66")
    low, _, _, high = out["lufs_p5_50_95_max"]
    yield Row("loudness off -16 LUFS, worst", max(abs(low + 16), abs(high + 16)), "LU", 0.5, None,
              "range 13.9 LU")  # fmt: skip
    yield Row("true peak, worst", out["true_peak_db_max"], "dBTP", -1)
    yield Row("offset, worst", out["dc_max"], "", 1e-3, None, "0.03")
    yield Row("loop click, worst", out["loop_click_p95_max"][1], "x", 1.2, None, "4.7")


def all_styles(tool: ModuleType, renders: int = 8, seed: int = 1) -> float:
    """Share of clips of all styles of the adapter told apart by the tool's features and 5-NN."""
    found, names = [], []
    for style in sound_adapter.STYLES:
        for i in range(renders):
            rng = np.random.default_rng([seed, i, sum(map(ord, style))])
            rate, samples = sound_adapter.render(
                style, seed=int(rng.integers(1 << 31)), seconds=15.0, neutral=True, swap=0,
                tempo_scale=float(rng.uniform(0.92, 1.08)), transpose=int(rng.integers(-5, 7)),
                brightness_scale=float(rng.uniform(0.7, 1.4)),
            )  # fmt: skip
            found.append(np.hstack(tool.features(samples, rate)))
            names.append(style)
    return float((tool.knn(np.array(found), names) == np.array(names)).mean())


if __name__ == "__main__":
    sys.exit(run(rows))
