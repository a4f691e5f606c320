"""Sound, the musical rows: foreign loops, the size of the vocabulary, the endless stream."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import sound_foreign as foreign
from benchmarks.table import Row
from llm.lexicon import concepts
from music.theory import METRES, PROGRESSIONS, RHYTHMS, SCALES, STYLES
from synth.analysis import analyse
from synth.voices import VOICES

N_FOREIGN = 40


def rows() -> Iterator[Row]:
    """Every row; without FluidSynth those it plays are left out, and that is said."""
    yield from vocabulary()
    if foreign.available():
        yield from heard_elsewhere()
    else:
        print("FluidSynth and its General MIDI sounds are not installed: its rows are left out.")


def vocabulary() -> Iterator[Row]:
    """How many names of each kind there are to play with."""
    for what, table, must in (
        ("scales", SCALES, 24), ("metres", METRES, 6), ("rhythms", RHYTHMS, 30),
        ("pitched voices", VOICES, 24), ("progressions", PROGRESSIONS, 12), ("styles", STYLES, 24),
        ("concepts of the lexicon", concepts(), 1_200),
    ):  # fmt: skip
        yield Row(what, float(len(table)), "names", must, better="more")


def heard_elsewhere() -> Iterator[Row]:
    """Tempo and key of loops that FluidSynth plays; nothing was learned from these seeds."""
    tempo, key = 0, 0
    for seed in range(N_FOREIGN):
        loop = foreign.loop(seed)
        _, facts = analyse(loop.samples, loop.sample_rate)
        tempo += abs(facts.tempo_bpm / loop.tempo_bpm - 1) < 0.02
        key += (facts.tonic, facts.mode) == (loop.tonic, loop.mode)
    for what, right in (("tempo", tempo), ("key", key)):
        share = 100 * right / N_FOREIGN
        yield Row(f"{what} right, FluidSynth loops", share, "%", 80, better="more")
