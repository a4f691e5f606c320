"""How fast the synth is, in CPU seconds of one core, beside its peers, and what it keeps."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.sound_peers import peers
from benchmarks.table import Row
from music.threads import one_thread
from synth.chance import rolled
from synth.config import config_from_style
from synth.mix import CACHE, Mix
from synth.render import SAMPLE_RATE, render, render_score
from synth.schema import MusicConfig
from synth.score import Note, Score

FACTS = "facts/sound.md, same kind of machine"
CHORDS = ((57, 60), (53, 57), (60, 64), (55, 59))
PREVIEWED = ("lo-fi", "arabian nights", "8-bit", "jazz", "reggaeton", "waltz")


def task_60s() -> Score:
    """The 60 s task of the facts: 1,140 notes at 120 BPM, pads, bass, arpeggio, kick and hat."""
    notes: list[Note] = []
    for bar in range(30):
        chord, start = CHORDS[bar % 4], bar * 4.0
        notes += [Note("texture", "pad_warm", start, 4, p, 0.6, "texture 0") for p in chord]
        for i in range(16):
            arp = chord[i % 2] + 12 * (i // 4 % 2)
            notes.append(Note("harmony", "pluck_synth", start + i / 4, 0.25, arp, 0.6, "harmony 1"))
            if i % 2 == 0:
                bass = chord[0] - 24
                notes.append(Note("bass", "acid_bass", start + i / 4, 0.5, bass, 0.8, "bass"))
                notes.append(Note("drums", "hat", start + i / 4, 1, 69, 0.5, "high"))
            if i % 4 == 0:
                notes.append(Note("drums", "kick", start + i / 4, 1, 69, 0.9, "low"))
    notes.sort(key=lambda n: n.start)
    config = MusicConfig(space=0.5, tempo_bpm=120.0)
    return Score(config, tuple(notes), (), 120.0, 120.0, 1e-6)


def speed() -> Iterator[Row]:
    """The 60 s task, notes rendered afresh each time, best of five; then the peers at it."""
    score = task_60s()
    render_score(score)
    with_master, before = [], []
    for _ in range(5):
        CACHE.clear()
        start = time.process_time()
        render_score(score)
        with_master.append(time.process_time() - start)
        CACHE.clear()
        start = time.process_time()
        with one_thread():
            for _block in Mix(score, SAMPLE_RATE).blocks():
                pass
        before.append(time.process_time() - start)
    best = min(with_master)
    yield Row("60 s task with reverb and master", 60 / best, "x real time", 200, 400,
              f"latentscore 44x mono, FluidSynth 126x CPU ({FACTS})", "more")  # fmt: skip
    yield Row("60 s task before the master", 60 / min(before), "x real time", 400, None, "", "more")
    yield from peers(score, best)


def long_piece() -> Iterator[Row]:
    """Ten minutes of house into a file, in a process of its own."""
    code = (
        "import tempfile, time\n"
        "from pathlib import Path\n"
        "from synth.config import config_from_style\n"
        "from synth.stream import write_wav\n"
        "from synth.render import render\n"
        "config = config_from_style('house', 1)\n"
        "status = Path('/proc/self/status')\n"
        "peak = lambda: int(status.read_text().split('VmHWM:')[1].split()[0])\n"
        "before, start = peak(), time.process_time()\n"
        "with tempfile.TemporaryFile() as file:\n"
        "    write_wav(config, 600.0, file)\n"
        "print(time.process_time() - start, (peak() - before) / 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, megabytes = (float(x) for x in done.stdout.split())
    yield Row("600 s written to a file", seconds, "s", 3, 1.5, f"latentscore 15.5 s ({FACTS})")
    yield Row("its memory over import", megabytes, "MB", 150, None, f"latentscore 1,400 ({FACTS})")


def preview() -> Iterator[Row]:
    """Eight bars with WAV bytes, warm: imports loaded, but no note of the config ever rendered."""
    for style in PREVIEWED:  # another seed, so other notes
        render(config_from_style(style, 1), bars=1).wav()
    times = []
    for i, style in enumerate(PREVIEWED):
        config = config_from_style(style, 1000 + i)
        CACHE.clear()
        start = time.process_time()
        render(config, bars=8).wav()
        times.append((time.process_time() - start) * 1e3)
    peer = f"latentscore 150-300 ms mono ({FACTS})"
    yield Row("8-bar preview with WAV, median", float(np.median(times)), "ms", 100, 50, peer)


def leaks(n: int = 500) -> Iterator[Row]:
    """Memory that stays: after n renders of random configs against after the first hundred."""
    held = 0.0
    for seed in range(n):
        render(rolled(MusicConfig(), seed=50_000 + seed), bars=1, sample_rate=22_050)
        if seed == 99:
            held = resident_mb()
    yield Row(f"memory kept by {n - 100} more renders", resident_mb() - held, "MB", 60, 20)


def resident_mb() -> float:
    """Memory this process holds, in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
