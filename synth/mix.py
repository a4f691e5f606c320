"""Notes become sound: cached renders laid on seats, seats mixed to stereo, block by block.

A seat is a place on the stage with its level, side and share of reverb. Notes are added to the bus
of their seat; one matrix product turns all buses into left, right and the send to the room.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from synth.drum_voices import DRUMS
from synth.ground import Ground
from synth.partials import Samples
from synth.reverb import Room, wet_gain
from synth.score import AMBIENCE, Note, Score
from synth.voices import VOICES


class Seat(NamedTuple):
    """A place on the stage: its layer, gain, side (-1 left ... 1 right) and reverb share."""

    layer: str
    gain: float
    side: float
    send: float


SEATS: Final = {
    "melody": Seat("melody", 0.72, 0.05, 0.35),
    "harmony 0": Seat("harmony", 0.28, -0.5, 0.45),
    "harmony 1": Seat("harmony", 0.28, 0.1, 0.45),
    "harmony 2": Seat("harmony", 0.28, 0.55, 0.45),
    "bass": Seat("bass", 0.7, 0.0, 0.08),
    "texture 0": Seat("texture", 0.25, -0.75, 0.6),
    "texture 1": Seat("texture", 0.25, 0.75, 0.6),
    "accent": Seat("accent", 0.45, 0.4, 0.4),
    "low": Seat("drums", 0.95, 0.0, 0.05),
    "mid": Seat("drums", 0.85, 0.08, 0.25),
    "high": Seat("drums", 0.6, -0.3, 0.15),
    "open": Seat("drums", 0.6, 0.35, 0.2),
    "bell": Seat("drums", 0.6, 0.5, 0.25),
}
BLOCK: Final = 1 << 14  # the buses of a block stay in the cache
_CACHE_BYTES: Final = 96 * 2**20
_LONGEST_S: Final = 30.0


class NoteCache:
    """Renders of single notes, the least recently used dropped above a size in bytes."""

    def __init__(self, limit: int = _CACHE_BYTES) -> None:
        self._notes: OrderedDict[tuple[object, ...], Samples] = OrderedDict()
        self._limit = limit
        self.size = 0

    def get(self, voice: str, pitch: float, n: int, brightness: float, sample_rate: int) -> Samples:
        """The samples of a note, rendered now or earlier."""
        key = (voice, pitch, n, brightness, sample_rate)
        found = self._notes.get(key)
        if found is not None:
            self._notes.move_to_end(key)
            return found
        play = DRUMS.get(voice) or VOICES[voice]
        freq_hz = 440.0 * 2 ** ((pitch - 69.0) / 12.0)
        note = play(freq_hz, n / sample_rate, sample_rate, brightness)
        note.flags.writeable = False
        self._notes[key] = note
        self.size += note.nbytes
        while self.size > self._limit:
            _, dropped = self._notes.popitem(last=False)
            self.size -= dropped.nbytes
        return note

    def clear(self) -> None:
        """Forget all notes."""
        self._notes.clear()
        self.size = 0


CACHE: Final = NoteCache()


class _Planned(NamedTuple):
    """A note before it is made: where it begins, its seat and gain, and what `NoteCache` needs."""

    start: int
    seat: int
    gain: float
    voice: str
    pitch: float
    n: int


class _Event(NamedTuple):
    start: int
    seat: int
    gain: float
    samples: Samples


@dataclass(frozen=True)
class Mix:
    """How a score is to be mixed: which layers sound, and at what rate."""

    score: Score
    sample_rate: int
    layers: frozenset[str] | None = None

    @property
    def frames(self) -> int:
        """Samples from the first beat to the end of the score, without what rings on."""
        return round(self.score.duration_s * self.sample_rate)

    def blocks(self) -> Iterator[Samples]:
        """Stereo blocks of shape (2, n), dry and wet together, until all has rung out."""
        room = self._room()
        stage = _Stage(self, circular=False)
        ground = self._ground(circular=False)
        tail = room.tail
        while stage.first < self.frames or tail > 0:
            tail = room.tail if stage.sounding else tail - room.block
            mixed = np.empty((3, room.block), np.float32)
            for at in range(0, room.block, BLOCK):
                mixed[:, at : at + BLOCK] = stage.block()
            out = mixed[:2]
            out += room(mixed[2])
            if ground is not None:
                ground.add(out, stage.first - room.block)
            yield out

    def loop(self) -> Samples:
        """The score as a loop, shape (2, frames): what rings on at its end sounds at its start."""
        n, room, stage = self.frames, self._room(), _Stage(self, circular=True)
        stereo, send = np.empty((2, n), np.float32), np.empty(n, np.float32)
        for first in range(0, n, BLOCK):
            mixed = stage.block()[:, : n - first]
            stereo[:, first : first + BLOCK] = mixed[:2]
            send[first : first + BLOCK] = mixed[2]
        before = -(-room.tail // room.block) * room.block
        for first in range(-before, n, room.block):  # the room first hears the end of the loop
            heard = _wrapped(send, first, room.block)
            if first < -room.block:
                room.listen(heard)
                continue
            wet = room(heard)
            if first >= 0:
                stereo[:, first : first + room.block] += wet[:, : n - first]
        ground = self._ground(circular=True)
        if ground is not None:
            for first in range(0, n, BLOCK):
                ground.add(stereo[:, first : first + BLOCK], first)
        return stereo

    def _ground(self, circular: bool) -> Ground | None:
        """The ambience, if it is to be heard and there is one."""
        wanted = self.layers is None or AMBIENCE in self.layers
        if not wanted or AMBIENCE not in self.score.sounding:
            return None
        return Ground(self.score, self.sample_rate, circular)

    def _room(self) -> Room:
        config = self.score.config
        return Room(config.space, config.echo, 60.0 / self.score.tempo_bpm, self.sample_rate)

    def planned(self, seats: Mapping[str, int], circular: bool) -> list[_Planned]:
        """The notes in order of start; in a loop what passes its end stands at its start again."""
        tempo_bpm, frames = self.score.tempo_bpm, self.frames
        per_beat = 60.0 / tempo_bpm * self.sample_rate
        found = []
        for note in self.score.notes:
            if self.layers is not None and note.layer not in self.layers:
                continue
            n = self._length(note, per_beat)
            at = round(self._in_phase(note, note.start * 60.0 / tempo_bpm) * self.sample_rate)
            first = _Planned(at, seats[note.seat], note.velocity, note.voice, note.pitch, n)
            found.append(first)
            if circular:
                turns = range(1, -(-(at + n) // frames))
                found += [first._replace(start=at - turn * frames) for turn in turns]
        found.sort(key=lambda planned: planned.start)
        return found

    @staticmethod
    def _in_phase(note: Note, start_s: float) -> float:
        """The start moved by less than half a period, so that a repeated tone stays in phase.

        Then the tones of one pitch add up to one line in the spectrum that swells and fades; in
        any phase they would break it into several, which beat. Under 8 ms, so nobody hears it move.
        """
        if note.voice in DRUMS:
            return start_s
        freq_hz = 440.0 * 2 ** ((note.pitch - 69.0) / 12.0)
        return round(start_s * freq_hz) / freq_hz

    def _length(self, note: Note, per_beat: float) -> int:
        if note.voice in DRUMS:
            return round(DRUMS[note.voice].longest_s() * self.sample_rate)
        held = round(note.beats * 16) / 16 * per_beat
        whole = held + VOICES[note.voice].release_s * self.sample_rate
        return round(min(whole, _LONGEST_S * self.sample_rate))


class _Stage:
    """Plays the notes of a mix onto the buses of their seats, `BLOCK` samples at a time."""

    def __init__(self, mix: Mix, circular: bool) -> None:
        config = mix.score.config
        seats = {note.seat for note in mix.score.notes}
        used = [name for name in SEATS if name in seats]
        self._matrix = _matrix(used, wet_gain(config.space))
        self._waiting = iter(mix.planned({name: i for i, name in enumerate(used)}, circular))
        self._upcoming = next(self._waiting, None)
        self._playing: list[_Event] = []
        self._brightness = round(config.brightness, 2)
        self._sample_rate = mix.sample_rate
        self._buses = np.zeros((len(used), BLOCK), np.float32)
        self._scratch = np.empty(BLOCK, np.float32)
        self._mixed = np.empty((3, BLOCK), np.float32)
        self.first = 0

    @property
    def sounding(self) -> bool:
        """Whether notes still sound or are to come."""
        return bool(self._playing) or self._upcoming is not None

    def block(self) -> Samples:
        """Left, right and the send to the room, (3, BLOCK), valid until the next call."""
        self._begin(self.first + BLOCK)
        self._buses[:] = 0.0
        for event in self._playing:
            _add(event, self._buses, self.first, self._scratch)
        self.first += BLOCK
        self._playing = [e for e in self._playing if e.start + len(e.samples) > self.first]
        return np.matmul(self._matrix, self._buses, out=self._mixed)

    def _begin(self, end: int) -> None:
        """Make the notes that start before the end of this block."""
        while self._upcoming is not None and self._upcoming.start < end:
            start, seat, gain, voice, pitch, n = self._upcoming
            samples = CACHE.get(voice, round(pitch, 3), n, self._brightness, self._sample_rate)
            self._playing.append(_Event(start, seat, gain, samples))
            self._upcoming = next(self._waiting, None)


def _wrapped(line: Samples, first: int, size: int) -> Samples:
    """So many samples of a circle."""
    if first >= 0 and first + size <= len(line):
        return line[first : first + size]
    return line.take(np.arange(first, first + size), mode="wrap")


def _add(event: _Event, buses: Samples, first: int, scratch: Samples) -> None:
    """Add the part of a note that falls into the block to the bus of its seat."""
    into = max(0, event.start - first)
    cut = event.samples[max(0, first - event.start) :][: BLOCK - into]
    scaled = np.multiply(cut, np.float32(event.gain), out=scratch[: len(cut)])
    buses[event.seat, into : into + len(cut)] += scaled


def _matrix(seats: Sequence[str], wet: float) -> Samples:
    """(3, n_seats): left, right and send to the room of each seat, at constant power."""
    rows = np.zeros((3, len(seats)), np.float32)
    for i, seat in enumerate(SEATS[name] for name in seats):
        angle = (seat.side + 1) * np.pi / 4
        left, right = np.cos(angle) * 2**0.5, np.sin(angle) * 2**0.5
        rows[:, i] = seat.gain * np.array([left, right, seat.send * wet])
    return rows
