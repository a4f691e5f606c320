"""A score as a standard MIDI file, written by hand: sixty lines need no library.

One channel per layer voice; tones between the keys are reached by pitch bend, set before each note
on a channel of its own kind, so quarter tones survive in any player.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final

from synth.score import Note, Score

TICKS: Final = 480  # per quarter note, which is a felt beat here
BEND_RANGE: Final = 2.0  # semitones, the default of every synth
_DRUM_CHANNEL: Final = 9
_CHANNELS: Final = tuple(c for c in range(16) if c != _DRUM_CHANNEL)
# General MIDI programs by layer, where the voice says nothing better.
_PROGRAMS: Final = {
    "piano": 0, "harpsichord": 6, "celesta": 8, "music_box": 10, "vibraphone": 11, "marimba": 12,
    "tubular_bells": 14, "dulcimer": 15, "organ": 16, "church_organ": 19, "accordion": 21,
    "harmonica": 22, "guitar": 24, "steel_guitar": 25, "power_guitar": 30, "upright_bass": 32,
    "electric_bass": 33, "fm_bass": 38, "acid_bass": 38, "sub_bass": 39, "violin": 40, "cello": 42,
    "harp": 46, "strings": 48, "choir": 52, "voice": 53, "trumpet": 56, "tuba": 58, "horn": 60,
    "brass": 61, "saxophone": 66, "oboe": 68, "clarinet": 71, "flute": 73, "whistle": 78,
    "shakuhachi": 77, "ney": 75, "pulse25": 80, "pulse50": 80, "pulse12": 80, "saw_lead": 81,
    "supersaw": 90, "pad_warm": 89, "pad_glass": 92, "sitar": 104, "tanpura": 104, "banjo": 105,
    "koto": 107, "kalimba": 108, "bagpipe": 109, "erhu": 110, "steel_pan": 114, "epiano": 4,
    "ukulele": 24, "mandolin": 25, "oud": 24, "kazoo": 65, "theremin": 79, "sine_lead": 79,
    "chip_triangle": 38, "pluck_synth": 84, "fm_bell": 98, "gamelan": 11, "didgeridoo": 58,
}  # fmt: skip
_DRUM_KEYS: Final = {"low": 36, "mid": 38, "high": 42, "open": 46, "bell": 56}


def midi(score: Score) -> bytes:
    """The score as a format-0 MIDI file with tempo, programs, notes and pitch bends."""
    events: list[tuple[int, int, bytes]] = [(0, 0, tempo_message(score.tempo_bpm))]
    channels = _channels(score)
    for (_, voice), channel in channels.items():
        events.append((0, 1, bytes([0xC0 | channel, _PROGRAMS.get(voice, 0)])))
    for note in score.notes:
        events += _note_events(note, channels)
    return midi_file(events)


def midi_file(events: Iterable[tuple[int, int, bytes]]) -> bytes:
    """A format-0 file of events: tick (`TICKS` a beat), order among equals, message."""
    track = bytearray()
    last = 0
    for at, _, data in sorted(events, key=lambda e: (e[0], e[1])):
        track += _varint(at - last) + data
        last = at
    track += _varint(0) + b"\xff\x2f\x00"
    header = b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS)
    return header + b"MTrk" + struct.pack(">I", len(track)) + bytes(track)


def _channels(score: Score) -> dict[tuple[str, str], int]:
    """A channel for each layer voice and each bend of it; the rarest share the last one.

    Notes of one channel that sound together must bend alike, so the bend is part of the key.
    """
    counts: dict[tuple[str, str], int] = {}
    for note in score.notes:
        if note.layer != "drums":
            counts[_key(note)] = counts.get(_key(note), 0) + 1
    ranked = sorted(counts, key=lambda key: (-counts[key], key))
    return {key: _CHANNELS[min(i, len(_CHANNELS) - 1)] for i, key in enumerate(ranked)}


def _key(note: Note) -> tuple[str, str]:
    return (f"{note.layer} {round((note.pitch - round(note.pitch)) * 100)}", note.voice)


def _note_events(note: Note, channels: dict[tuple[str, str], int]) -> list[tuple[int, int, bytes]]:
    start = round(note.start * TICKS)
    end = max(start + 1, round((note.start + note.beats) * TICKS))
    force = max(1, min(127, round(note.velocity * 127)))
    if note.layer == "drums":
        channel, key = _DRUM_CHANNEL, _DRUM_KEYS[note.seat]
        end = start + TICKS // 8
    else:
        channel, key = channels[_key(note)], max(0, min(127, round(note.pitch)))
    events = [(end, 2, bytes([0x80 | channel, key, 0])),
              (start, 4, bytes([0x90 | channel, key, force]))]  # fmt: skip
    if note.layer != "drums":
        bend = round(8192 + (note.pitch - round(note.pitch)) / BEND_RANGE * 8192)
        bend = max(0, min(16383, bend))
        events.append((start, 3, bytes([0xE0 | channel, bend & 0x7F, bend >> 7])))
    return events


def tempo_message(tempo_bpm: float) -> bytes:
    """The message that sets the tempo."""
    return b"\xff\x51\x03" + struct.pack(">I", round(60e6 / tempo_bpm))[1:]


def _varint(value: int) -> bytes:
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(0x80 | (value & 0x7F))
    return bytes(reversed(out))
