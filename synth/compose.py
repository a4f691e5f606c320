"""A config becomes a score: pure, in beats, the same for the same config.

Each layer draws from its own stream of chance, so changing one layer leaves the others alone.
"""

from __future__ import annotations

import math
import zlib
from typing import Final, TypeVar

import numpy as np

from music.errors import InputError
from music.theory import INSTRUMENTS, KITS, PROGRESSIONS, RHYTHMS, SCALES
from synth.figures import BASS_LINES, COMPS, Bar, Stroke
from synth.form import ALL, Section, plan
from synth.groove import drum_level, drum_notes, swung
from synth.harmony import chord_tones, nearest_degree, pitch_of, voicing
from synth.melody import Melodist, Tone
from synth.schema import MusicConfig
from synth.score import Chord, Note, Score

MAX_BARS: Final = 4096
BASS_LOW: Final = 31  # G1: lower tones are not heard on small speakers
# The closest two notes of a layer come, in seconds.
QUICKEST_S: Final = {"melody": 0.14, "harmony": 0.18, "bass": 0.24}
_S = TypeVar("_S", Tone, Stroke)
LOOP: Final = Section("loop", 0, 1.0, ALL)
_SINK, _LIFT = 6.0, 16.0  # semitones down and up, per register; deep down a tune meets the chords
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
    writer = Writer(config, bars)
    for bar in range(bars):
        writer.write(bar, bar, LOOP, fill=bar % 4 == 3)
    return writer.score(config.tempo_bpm, 0.0)


def compose_piece(config: MusicConfig, duration_s: float) -> Score:
    """A piece of exactly so many seconds, with an intro, an arc and a last chord that rings.

    The tempo may bend a little to fit; see `synth.form.plan`.

    Raises
    ------
    InputError
        If the length is not between half a second and an hour.
    """
    layout = plan(config, duration_s)
    writer = Writer(config, layout.bars)
    bar = 0
    for section in layout.sections:
        for i in range(section.bars):
            last = i == section.bars - 1
            writer.write(bar, i, section, fill=last or (i % 4 == 3 and section.level >= 0.9))
            bar += 1
    writer.end(layout.tail_s * layout.tempo_bpm / 60.0)
    return writer.score(layout.tempo_bpm, layout.tail_s)


def stream(config: MusicConfig, name: str) -> np.random.Generator:
    """The chance of one layer."""
    return np.random.default_rng([config.seed, zlib.crc32(name.encode())])


class Writer:
    """Collects the notes of a piece bar by bar; `voicing` is the last chord, to lead on from."""

    def __init__(self, config: MusicConfig, bars: int, voicing: tuple[float, ...] = ()) -> None:
        self.config = config
        self.notes: list[Note] = []
        self.chords: list[Chord] = []
        self._scale = SCALES[config.scale]
        self._symbols = PROGRESSIONS[config.progression]
        self._melodist = Melodist(config, stream(config, "melody"))
        self._chance = stream(config, "human")
        self.voicing = voicing
        self._bars = bars
        off = config.register - 0.5
        self._lift = (_LIFT if off > 0 else _SINK) * off

    def score(self, tempo_bpm: float, tail_s: float) -> Score:
        """All that was written, in order."""
        config = self.config
        beats = self._bars * self._melodist.metre.beats
        if not self.notes:  # every layer is switched off: the tonic, so that nothing is mute
            tonic = (("texture 0", 60.0), ("texture 1", 67.0))
            held = max(beats, tail_s * tempo_bpm / 60.0 / 2)
            self.notes = [
                Note("texture", "pad_warm", 0.0, held, pitch + config.root, 0.7, seat)
                for seat, pitch in tonic
            ]
        notes = sorted(self.finished(), key=lambda n: (n.start, n.layer, n.pitch))
        return Score(config, tuple(notes), tuple(self.chords), beats, tempo_bpm, tail_s)

    def write(self, index: int, place: int, section: Section, fill: bool) -> None:
        """All layers of one bar, the `place`-th of its section."""
        start = index * self._melodist.metre.beats
        written = len(self.notes)
        symbol = self._symbols[place % len(self._symbols)]
        following = self._symbols[(place + 1) % len(self._symbols)]
        bar, tones = self._harmony(start, symbol, following)
        self._strokes("harmony", self.config.harmony, COMPS[self.config.comp](bar), start)
        bass = held(BASS_LINES[self.config.bass_line](bar), bar.metre.steps)
        self._strokes("bass", self.config.bass, bass, start)
        self._texture(bar, start)
        self._melody(place, tones, start, section.contrast)
        for note in drum_notes(self.config, index, drum_level(self.config), fill):
            self.notes.append(note._replace(start=start + note.start))
        self._keep(written, section)

    def end(self, beats: float) -> None:
        """The last chord: everybody on the tonic, held as long as there is time."""
        start, held = self._bars * self._melodist.metre.beats, 0.6 * beats
        symbol = "-" if self._symbols[0] == "-" else "I"
        bar, _ = self._harmony(start, symbol, symbol)
        config = self.config
        chord = [("harmony", config.harmony, p, f"harmony {i % 3}") for i, p in
                 enumerate(bar.voicing)]  # fmt: skip
        chord += [("texture", config.texture, p, f"texture {i % 2}") for i, p in
                  enumerate(bar.voicing[-3:])]  # fmt: skip
        chord.append(("bass", config.bass, bar.root, "bass"))
        top = _in_range(config.melody, 82.0 + self._lift, config.root, 0.0)
        chord.append(("melody", config.melody, top, "melody"))
        self.notes += [
            Note(layer, voice, start, held, pitch, 0.85, seat)
            for layer, voice, pitch, seat in chord
            if voice != "none"
        ]
        if config.kit != "none" and RHYTHMS[config.rhythm].lines:
            kit = KITS[config.kit]
            self.notes += [
                Note("drums", kit[role], start, 1.0, 69.0, 0.85, role) for role in ("low", "open")
            ]

    def _keep(self, written: int, section: Section) -> None:
        """Of the notes of this bar, those of the section's layers, at its level."""
        new = self.notes[written:]
        kept = [n for n in new if n.layer in section.layers] or new
        level = section.level
        self.notes[written:] = [n._replace(velocity=n.velocity * level) for n in kept]

    def _harmony(self, start: float, symbol: str, following: str) -> tuple[Bar, tuple[float, ...]]:
        tones = chord_tones(self.config.scale, symbol)
        self.chords.append(Chord(start, self._melodist.metre.beats, symbol, tones))
        bar = self._bar(tones, chord_tones(self.config.scale, following))
        self.voicing = bar.voicing
        return bar, tones

    def _bar(self, tones: tuple[float, ...], following: tuple[float, ...]) -> Bar:
        tonic = 60.0 + (self.config.root if self.config.root < 7 else self.config.root - 12)
        lowest = max(BASS_LOW, _RANGES.get(self.config.bass, (0, 0))[0])
        root = _from(tonic + tones[0] / 100.0, lowest)
        after = _from(tonic + following[0] / 100.0, lowest)
        fifth = next((t for t in tones if 550 < t - tones[0] < 850), tones[0] + 1200.0)
        third = tones[1] if len(tones) > 1 else tones[0]
        before = nearest_degree(self._scale, following[0]) - 1
        return Bar(
            self._melodist.metre,
            voicing(tones, tonic, self.voicing, 65.0 + 0.5 * self._lift),
            root,
            root + (fifth - tones[0]) / 100.0,
            root + (third - tones[0]) / 100.0,
            after,
            _from(tonic + pitch_of(self._scale, before) / 100.0, lowest),
            self.config.density,
            max(1, math.ceil(self._gap("harmony") - 0.02)),
        )

    def _strokes(self, layer: str, voice: str, strokes: list[Stroke], start: float) -> None:
        if voice == "none":
            return
        metre = self._melodist.metre
        for stroke in thinned(strokes, self._gap(layer)):
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
            low, fifth = bar.open
            strings = (fifth, low + 12, low + 12, low)
            for i, pitch in enumerate(strings):
                at = start + i * metre.beats / 4
                seat = f"texture {i % 2}"
                self.notes.append(Note("texture", voice, at, metre.beats, pitch, 0.6, seat))
            return
        for i, pitch in enumerate(bar.voicing[-3:]):
            seat = f"texture {i % 2}"
            self.notes.append(Note("texture", voice, start, metre.beats, pitch, 0.6, seat))

    def _melody(self, index: int, tones: tuple[float, ...], start: float, contrast: bool) -> None:
        """The tune; the accent answers at the end of phrases, a unison comp doubles it."""
        config, metre = self.config, self._melodist.metre
        line = self._melodist.bar(index, tones, contrast)
        answer = index % 4 == 3 or (config.habit == "call" and index % 4 in (1, 3))
        doubling = config.comp == "unison" and config.harmony != "none"
        gap = QUICKEST_S["melody"] * config.tempo_bpm / 60.0 * metre.steps_per_beat
        played_tones = thinned(line, gap)
        ease = busy_ease(len(played_tones) / (metre.beats * 60.0 / config.tempo_bpm))
        for tone in (t._replace(force=ease * t.force) for t in played_tones):
            at = start + swung(tone.step, metre, config.swing)
            length = tone.steps / metre.steps_per_beat
            above = pitch_of(self._scale, tone.degree) / 100.0
            if config.melody != "none" and not (answer and config.habit == "call"):
                played = _in_range(config.melody, 82.0 + self._lift, config.root, above)
                self.notes.append(
                    Note("melody", config.melody, at, length, played, tone.force, "melody")
                )
            if doubling:
                doubled = _in_range(config.harmony, 60.0, config.root, above)
                self.notes.append(
                    Note("harmony", config.harmony, at, length, doubled, 0.7 * tone.force,
                         "harmony 1")
                )  # fmt: skip
            if config.accent != "none" and answer:
                answered = _in_range(config.accent, 84.0 + self._lift, config.root, above)
                self.notes.append(
                    Note("accent", config.accent, at, length, answered, 0.8 * tone.force, "accent")
                )

    def _gap(self, layer: str) -> float:
        """The closest two notes of a layer come, in steps.

        Between one step and three that is two wherever beats have four, so that a fast run goes
        to eighths and not to every third sixteenth.
        """
        metre = self._melodist.metre
        gap = QUICKEST_S[layer] * self.config.tempo_bpm / 60.0 * metre.steps_per_beat
        return 2.0 if 1.0 < gap < 3.0 and metre.steps_per_beat == 4 else gap

    def finished(self) -> list[Note]:
        """Uneven time and force, less on the drums; energy sets the force of all."""
        human, n = self.config.human, len(self.notes)
        late = self._chance.normal(0.0, 0.012 * human, n) * self.config.tempo_bpm / 60.0
        force = 1.0 + self._chance.normal(0.0, 0.2 * human, n)
        base = 0.6 + 0.4 * self.config.energy
        end = self._bars * self._melodist.metre.beats + 1e9 * (self._bars == 0)
        return [
            note._replace(
                start=min(max(note.start + shift * (0.5 if note.layer == "drums" else 1.0), 0.0),
                          end - 1e-6),
                velocity=float(min(max(note.velocity * base * f, 0.05), 1.0)),
            )
            for note, shift, f in zip(self.notes, late.tolist(), force.tolist(), strict=True)
        ]  # fmt: skip


def busy_ease(tones_per_s: float) -> float:
    """How much softer each tone of a busy tune is, so that it lies on the chords, not over them."""
    return float(min(1.0, (2.0 / max(tones_per_s, 0.1)) ** 0.7))


def held(strokes: list[Stroke], steps: int) -> list[Stroke]:
    """Each stroke held till the next: a bass that stops and starts growls."""
    ends = [*(s.step for s in strokes[1:]), float(steps)]
    return [
        s._replace(steps=max(s.steps, 0.9 * (end - s.step)))
        for s, end in zip(strokes, ends, strict=False)
    ]


def thinned(strokes: list[_S], gap: float) -> list[_S]:
    """Of strokes in order, those at least `gap` steps after the last that was kept.

    At a fast tempo sixteenths blur; players leave every other one out.
    """
    kept: list[_S] = []
    for stroke in strokes:
        if not kept or stroke.step - kept[-1].step >= gap - 0.02:
            kept.append(stroke)
    return kept


def _ranges() -> dict[str, tuple[int, int]]:
    ranges: dict[str, tuple[int, int]] = {}
    for instrument in INSTRUMENTS.values():
        if instrument.high_midi:
            ranges.setdefault(instrument.voice, (instrument.low_midi, instrument.high_midi))
    return ranges


_RANGES: Final = _ranges()


def _in_range(voice: str, centre: float, root: int, above: float) -> float:
    """Semitones above the tonic, in the octave whose tonic fits a layer's place and its voice.

    A tune keeps above the chords, where its steps do not grate on each other; a voice of the cellar
    that is given one plays it no lower than an octave under that.
    """
    low, high = _RANGES.get(voice, (48, 96))
    lowest = min(max(centre - 10.0, low), max(low, high - 10, centre - 19.0))
    return _from(float(root), lowest) + above


def _from(pitch: float, lowest: float) -> float:
    """The pitch in the octave above `lowest`."""
    return lowest + (pitch - lowest) % _OCTAVE
