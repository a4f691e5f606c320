"""Other engines at the same task in the same run: FluidSynth and latentscore, where they are.

FluidSynth (Debian: ``fluidsynth`` with ``fluid-soundfont-gm`` or ``timgm6mb-soundfont``) plays the
same notes as MIDI; the time it takes to start and load its font is measured apart and taken off.
latentscore is fetched from the package index into a folder of its own, without the language models
it pins, which its synth does not use; it renders its default config, which is mono.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.table import Row
from synth.midi import midi
from synth.score import Score

FONTS = [
    Path("/usr/share/sounds/sf2") / name
    for name in ("TimGM6mb.sf2", "FluidR3_GM.sf2", "default-GM.sf2")
]
LATENTSCORE = "latentscore==0.1.8"
FETCH_S = 120
_CODE = """
import time, latentscore
config = latentscore.MusicConfig()
latentscore.render(config, duration=2.0)
times = []
for _ in range(2):
    start = time.process_time()
    latentscore.render(config, duration=60.0).to_numpy()
    times.append(time.process_time() - start)
print(min(times))
"""


def peers(score: Score, ours_s: float) -> Iterator[Row]:
    """How much more CPU time each peer needs for a minute of music than we do."""
    for name, must, aim, (seconds, words) in (
        ("FluidSynth", 2, 3, fluidsynth_s(score)),
        ("latentscore", 5, 8, latentscore_s()),
    ):
        if seconds is None:
            yield Row(
                f"CPU time of {name} against ours", float("nan"), "x", None, aim, words, "more"
            )
        else:
            peer = f"{words}: {seconds:.2f} s of CPU, ours {ours_s:.2f} s"
            yield Row(f"CPU time of {name} against ours", seconds / ours_s, "x", must, aim, peer,
                      "more")  # fmt: skip


def fluidsynth_s(score: Score) -> tuple[float | None, str]:
    """CPU seconds of FluidSynth for the score, its start taken off, and what was run."""
    font = next((f for f in FONTS if f.exists()), None)
    if shutil.which("fluidsynth") is None or font is None:
        return None, "fluidsynth or its font is not installed (apt install fluidsynth)"
    short = replace(score, notes=score.notes[:1], beats=1.0)
    with tempfile.TemporaryDirectory() as folder:
        whole, start = (
            min(_fluidsynth_once(part, font, Path(folder)) for _ in range(3))
            for part in (score, short)
        )
    return whole - start, f"FluidSynth with {font.name}, stereo with its reverb and chorus"


def _fluidsynth_once(score: Score, font: Path, folder: Path) -> float:
    file = folder / "task.mid"
    file.write_bytes(midi(score))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["fluidsynth", "-ni", "-F", folder / "out.wav", "-r", "44100", font, file],
        check=True,
        capture_output=True,
        timeout=120,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def latentscore_s() -> tuple[float | None, str]:
    """CPU seconds of latentscore for a minute of its default config, and what was run."""
    folder = Path(tempfile.gettempdir()) / f"ghostnotes-{LATENTSCORE.replace('==', '-')}"
    if not (folder / "latentscore").exists():
        fetch = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder]
        try:
            subprocess.run([*fetch, LATENTSCORE], check=True, capture_output=True, timeout=FETCH_S)
        except (subprocess.SubprocessError, OSError):
            return None, f"the package index did not serve {LATENTSCORE} in {FETCH_S} s"
    environment = {**os.environ, "PYTHONPATH": str(folder), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _CODE], capture_output=True, text=True, env=environment, timeout=300
    )
    if done.returncode:
        return None, f"{LATENTSCORE} does not run here: {done.stderr.strip()[-80:]}"
    return float(done.stdout.split()[-1]), f"{LATENTSCORE}, default config, mono"
