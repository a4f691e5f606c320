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
from synth.partials import Samples
from synth.reverb import Room, wet_gain
from synth.score import Note, Score
from synth.voices import VOICES


class Seat(NamedTuple):
    """A place on the stage: its layer, gain, side (-1 left ... 1 right) and reverb share."""

    layer: str
    gain: float
    side: float
    send: float


SEATS: Final = {
    "melody": Seat("melody", 1.0, 0.05, 0.5),
    "harmony 0": Seat("harmony", 0.28, -0.5, 0.45),
    "harmony 1": Seat("harmony", 0.28, 0.1, 0.45),
    "harmony 2": Seat("harmony", 0.28, 0.55, 0.45),
    "bass": Seat("bass", 0.6, 0.0, 0.08),
    "texture 0": Seat("texture", 0.25, -0.75, 0.7),
    "texture 1": Seat("texture", 0.25, 0.75, 0.7),
    "accent": Seat("accent", 0.6, 0.4, 0.6),
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
        config = self.score.config
        room = Room(config.space, config.echo, 60.0 / self.score.tempo_bpm, self.sample_rate)
        seats = {note.seat for note in self.score.notes}
        used = [name for name in SEATS if name in seats]
        matrix = _matrix(used, wet_gain(config.space))
        waiting = self._events({name: i for i, name in enumerate(used)})
        upcoming = next(waiting, None)
        playing: list[_Event] = []
        buses = np.zeros((len(used), BLOCK), np.float32)
        scratch = np.empty(BLOCK, np.float32)
        first, tail = 0, room.tail
        while upcoming is not None or playing or tail > 0 or first < self.frames:
            mixed = np.empty((3, room.block), np.float32)
            for at in range(0, room.block, BLOCK):
                tail = tail - BLOCK if upcoming is None and not playing else room.tail
                while upcoming is not None and upcoming.start < first + BLOCK:
                    playing.append(upcoming)
                    upcoming = next(waiting, None)
                buses[:] = 0.0
                for event in playing:
                    _add(event, buses, first, scratch)
                first += BLOCK
                playing = [e for e in playing if e.start + len(e.samples) > first]
                mixed[:, at : at + BLOCK] = matrix @ buses
            out = mixed[:2]
            out += room(mixed[2])
            yield out

    def _events(self, seats: Mapping[str, int]) -> Iterator[_Event]:
        """Notes with their samples, in order of start; samples are made when they are reached."""
        tempo_bpm = self.score.tempo_bpm
        per_beat = 60.0 / tempo_bpm * self.sample_rate
        brightness = round(self.score.config.brightness, 2)
        for note in self.score.notes:
            if self.layers is not None and note.layer not in self.layers:
                continue
            n = self._length(note, per_beat)
            samples = CACHE.get(note.voice, round(note.pitch, 3), n, brightness, self.sample_rate)
            at = round(self._in_phase(note, note.start * 60.0 / tempo_bpm) * self.sample_rate)
            yield _Event(at, seats[note.seat], note.velocity, samples)

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
