"""A piece as notes in beats: what `compose` makes, and what every export and chart reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from music.theory import METRES, Metre
from synth.schema import NONE, MusicConfig

LAYERS: Final = ("melody", "harmony", "bass", "texture", "accent", "drums")
AMBIENCE: Final = "ambience"  # the layer without notes


class Note(NamedTuple):
    """One note.

    ``voice`` names a voice or drum; ``start`` and ``beats`` are in felt beats; ``pitch`` is a MIDI
    number that may lie between keys (60.5 is a quarter tone above middle C); ``velocity`` lies in
    (0, 1]; ``seat`` is where it sits in the mix (`synth.mix.SEATS`).
    """

    layer: str
    voice: str
    start: float
    beats: float
    pitch: float
    velocity: float
    seat: str


class Chord(NamedTuple):
    """One chord: where it starts (beats), its symbol and its tones in cents above the tonic."""

    start: float
    beats: float
    symbol: str
    tones: tuple[float, ...]


@dataclass(frozen=True)
class Score:
    """A composed piece.

    Parameters
    ----------
    notes
        In order of start.
    beats
        Length in felt beats; where a loop turns, or a piece has struck its last chord.
    tempo_bpm
        Felt beats a minute.
    tail_s
        Seconds after the last beat in which the ending rings; 0 for a loop.
    changes
        Where the ambience becomes another than the config's: its start in beats and its name.
    """

    config: MusicConfig
    notes: tuple[Note, ...]
    chords: tuple[Chord, ...]
    beats: float
    tempo_bpm: float
    tail_s: float = 0.0
    changes: tuple[tuple[float, str], ...] = ()

    @property
    def ambiences(self) -> tuple[tuple[float, str], ...]:
        """Every ambience of the piece with the beat it starts at, the first at 0."""
        return self.changes or ((0.0, self.config.ambience),)

    @property
    def sounding(self) -> tuple[str, ...]:
        """The layers that are heard, the ambience last."""
        played = {note.layer for note in self.notes}
        around = any(name != NONE for _, name in self.ambiences)
        return (*(layer for layer in LAYERS if layer in played), *([AMBIENCE] if around else []))

    @property
    def metre(self) -> Metre:
        """The metre it is counted in."""
        return METRES[self.config.metre]

    @property
    def bars(self) -> float:
        """Length in bars."""
        return self.beats / self.metre.beats

    @property
    def duration_s(self) -> float:
        """Length in seconds, with the tail."""
        return self.beats * 60.0 / self.tempo_bpm + self.tail_s
