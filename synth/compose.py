"""A config becomes a score: pure, in beats, the same for the same config.

Each layer draws from its own stream of chance, so changing one layer leaves the others alone.
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np

from music.errors import InputError
from music.theory import INSTRUMENTS, SCALES
from synth.figures import BASS_LINES, COMPS, Bar, Stroke
from synth.groove import drum_notes, swung
from synth.harmony import chord_tones, nearest_degree, pitch_of, progression, voicing
from synth.melody import Melodist
from synth.schema import MusicConfig
from synth.score import Chord, Note, Score

MAX_BARS: Final = 4096
BASS_LOW: Final = 31  # G1: lower tones are not heard on small speakers
_OCTAVE: Final = 12.0


def compose(config: MusicConfig, bars: int = 8) -> Score:
    """A seamless loop of so many bars.

    Raises
    ------
    InputError
        If there are not between 1 and 4,096 bars.
    """
    if not 1 <= bars <= MAX_BARS:
        raise InputError(f"a piece has between 1 and {MAX_BARS} bars, got {bars}.")
    writer = _Writer(config, bars)
    for bar in range(bars):
        writer.write(bar, level=1.0, fill=bar % 4 == 3)
    return writer.score()


def stream(config: MusicConfig, name: str) -> np.random.Generator:
    """The chance of one layer."""
    return np.random.default_rng([config.seed, zlib.crc32(name.encode())])


class _Writer:
    """Collects the notes of a piece bar by bar."""

    def __init__(self, config: MusicConfig, bars: int) -> None:
        self.config = config
        self.notes: list[Note] = []
        self.chords: list[Chord] = []
        self._scale = SCALES[config.scale]
        self._symbols = progression(config.progression, bars + 1)
        self._melodist = Melodist(config, stream(config, "melody"))
        self._chance = stream(config, "human")
        self._last: tuple[float, ...] = ()
        self._bars = bars

    def score(self) -> Score:
        config = self.config
        beats = self._bars * self._melodist.metre.beats
        if not self.notes:  # every layer is switched off: the tonic, so that nothing is mute
            tonic = (("texture 0", 60.0), ("texture 1", 67.0))
            self.notes = [
                Note("texture", "pad_warm", 0.0, beats, pitch + config.root, 0.7, seat)
                for seat, pitch in tonic
            ]
        notes = sorted(self._humanised(), key=lambda n: (n.start, n.layer, n.pitch))
        return Score(config, tuple(notes), tuple(self.chords), beats, config.tempo_bpm)

    def write(self, index: int, level: float, fill: bool) -> None:
        """All layers of one bar."""
        metre = self._melodist.metre
        start = index * metre.beats
        symbol = self._symbols[index]
        tones = chord_tones(self.config.scale, symbol)
        self.chords.append(Chord(start, metre.beats, symbol, tones))
        bar = self._bar(tones, chord_tones(self.config.scale, self._symbols[index + 1]))
        self._last = bar.voicing
        self._strokes("harmony", self.config.harmony, COMPS[self.config.comp](bar), start)
        bass = BASS_LINES[self.config.bass_line](bar)
        self._strokes("bass", self.config.bass, bass, start)
        self._texture(bar, start)
        self._melody(index, tones, start)
        for note in drum_notes(self.config, index, 0.55 + 0.45 * self.config.energy, fill):
            self.notes.append(note._replace(start=start + note.start))

    def _bar(self, tones: tuple[float, ...], following: tuple[float, ...]) -> Bar:
        tonic = 60.0 + (self.config.root if self.config.root < 7 else self.config.root - 12)
        root = _from(tonic + tones[0] / 100.0, BASS_LOW)
        after = _from(tonic + following[0] / 100.0, BASS_LOW)
        fifth = next((t for t in tones if 550 < t - tones[0] < 850), tones[0] + 1200.0)
        third = tones[1] if len(tones) > 1 else tones[0]
        before = nearest_degree(self._scale, following[0]) - 1
        return Bar(
            self._melodist.metre,
            voicing(tones, tonic, self._last),
            root,
            root + (fifth - tones[0]) / 100.0,
            root + (third - tones[0]) / 100.0,
            after,
            _from(tonic + pitch_of(self._scale, before) / 100.0, BASS_LOW),
            self.config.density,
        )

    def _strokes(self, layer: str, voice: str, strokes: list[Stroke], start: float) -> None:
        if voice == "none":
            return
        metre = self._melodist.metre
        for stroke in strokes:
            at = start + swung(stroke.step, metre, self.config.swing)
            for i, pitch in enumerate(stroke.pitches):
                seat = layer if layer != "harmony" else f"harmony {i % 3}"
                length = stroke.steps / metre.steps_per_beat
                self.notes.append(Note(layer, voice, at, length, pitch, stroke.force, seat))

    def _texture(self, bar: Bar, start: float) -> None:
        voice, metre = self.config.texture, bar.metre
        if voice == "none":
            return
        if voice == "tanpura":  # pa sa sa Sa, one string a quarter of the bar
            strings = (bar.fifth + 12, bar.root + 24, bar.root + 24, bar.root + 12)
            for i, pitch in enumerate(strings):
                at = start + i * metre.beats / 4
                seat = f"texture {i % 2}"
                self.notes.append(Note("texture", voice, at, metre.beats, pitch, 0.6, seat))
            return
        for i, pitch in enumerate(bar.voicing[-3:]):
            seat = f"texture {i % 2}"
            self.notes.append(Note("texture", voice, start, metre.beats, pitch, 0.6, seat))

    def _melody(self, index: int, tones: tuple[float, ...], start: float) -> None:
        """The tune; the accent answers at the end of phrases, a unison comp doubles it."""
        config, metre = self.config, self._melodist.metre
        line = self._melodist.bar(index, tones)
        answer = index % 4 == 3 or (config.habit == "call" and index % 4 in (1, 3))
        doubling = config.comp == "unison" and config.harmony != "none"
        for tone in line:
            at = start + swung(tone.step, metre, config.swing)
            length = tone.steps / metre.steps_per_beat
            pitch = config.root + pitch_of(self._scale, tone.degree) / 100.0
            if config.melody != "none" and not (answer and config.habit == "call"):
                played = _in_range(config.melody, 72.0, pitch)
                self.notes.append(
                    Note("melody", config.melody, at, length, played, tone.force, "melody")
                )
            if doubling:
                doubled = _in_range(config.harmony, 60.0, pitch)
                self.notes.append(
                    Note("harmony", config.harmony, at, length, doubled, 0.7 * tone.force,
                         "harmony 1")
                )  # fmt: skip
            if config.accent != "none" and answer:
                answered = _in_range(config.accent, 76.0, pitch)
                self.notes.append(
                    Note("accent", config.accent, at, length, answered, 0.8 * tone.force, "accent")
                )

    def _humanised(self) -> list[Note]:
        """Uneven time and force, less on the drums; energy sets the force of all."""
        human, n = self.config.human, len(self.notes)
        late = self._chance.normal(0.0, 0.012 * human, n) * self.config.tempo_bpm / 60.0
        force = 1.0 + self._chance.normal(0.0, 0.16 * human, n)
        base = 0.6 + 0.4 * self.config.energy
        end = self._bars * self._melodist.metre.beats
        return [
            note._replace(
                start=min(max(note.start + shift * (0.5 if note.layer == "drums" else 1.0), 0.0),
                          end - 1e-6),
                velocity=float(min(max(note.velocity * base * f, 0.05), 1.0)),
            )
            for note, shift, f in zip(self.notes, late.tolist(), force.tolist(), strict=True)
        ]  # fmt: skip


def _ranges() -> dict[str, tuple[int, int]]:
    ranges: dict[str, tuple[int, int]] = {}
    for instrument in INSTRUMENTS.values():
        if instrument.high_midi:
            ranges.setdefault(instrument.voice, (instrument.low_midi, instrument.high_midi))
    return ranges


_RANGES: Final = _ranges()


def _in_range(voice: str, centre: float, pitch_class: float) -> float:
    """The octave of a pitch that is nearest to a layer's place and within its voice's range."""
    low, high = _RANGES.get(voice, (48, 84))
    base = min(max(centre - 7.0, low), max(low, high - 19))
    octave = np.ceil((base - 5.0) / _OCTAVE) * _OCTAVE
    return float(octave + pitch_class)


def _from(pitch: float, lowest: float) -> float:
    """The pitch in the octave above `lowest`."""
    return lowest + (pitch - lowest) % _OCTAVE
