"""Long and endless music in bounded memory: a piece straight into a file, and ambient for ever."""

from __future__ import annotations

import struct
import tempfile
import wave
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import numpy as np

from music.errors import InputError
from synth import master
from synth.audio import pcm16
from synth.compose import compose_piece
from synth.mix import Mix
from synth.partials import Floats, Samples
from synth.render import SAMPLE_RATE, check_rate
from synth.schema import MusicConfig
from synth.threads import one_thread
from synth.tween import tween

_RING_S: Final = 4.0  # how much of a segment's end is kept for the start of the next
SEGMENT_BARS: Final = 12


def write_wav(
    config: MusicConfig, duration_s: float, file: BinaryIO, sample_rate: int = SAMPLE_RATE
) -> None:
    """Compose a piece of so many seconds and write it as WAV, in memory that does not grow.

    The mix goes to a temporary file first, because its loudness is known only at the end; then it
    is read again, brought to -16 LUFS under the ceiling, and written.
    """
    check_rate(sample_rate)
    mix = Mix(compose_piece(config, duration_s), sample_rate)
    n = mix.frames
    with tempfile.TemporaryFile() as spool, one_thread():
        for block in _cut(mix, n):
            spool.write(np.ascontiguousarray(block.T).tobytes())
        chunk = _chunk(sample_rate)
        mean, energies = _measured(spool, n, chunk, sample_rate)
        peaks = _peaks(spool, n, chunk, mean, energies)
        gains = master.gains_for(energies, peaks, sample_rate, circular=False)
        with wave.open(file, "wb") as out:
            out.setnchannels(2)
            out.setsampwidth(2)
            out.setframerate(sample_rate)
            for first, piece in _chunks(spool, n, chunk):
                piece -= mean[:, None]
                master.apply_gains(piece, gains, first)
                out.writeframesraw(pcm16(np.ascontiguousarray(piece.T)))


def endless(
    configs: Sequence[MusicConfig], sample_rate: int = SAMPLE_RATE, seed: int = 0
) -> Iterator[bytes]:
    """A WAV file that never ends: music that wanders between configs, a segment at a time.

    Yields
    ------
    bytes
        First a WAV header of unknown length, then about a quarter of a second of 16-bit stereo at a
        time. Memory stays at one segment (some 20 MB); who stops reading stops the work.

    Raises
    ------
    InputError
        If there is no config, or the rate is not supported.
    """
    check_rate(sample_rate)
    if not configs:
        raise InputError("endless music needs at least one config to wander between.")
    return _endless(tuple(configs), sample_rate, seed)


def _endless(configs: tuple[MusicConfig, ...], sample_rate: int, seed: int) -> Iterator[bytes]:
    yield _endless_header(sample_rate)
    carry = np.zeros((2, 0), np.float32)
    gain, step = 0.0, 0
    while True:
        here = configs[step % len(configs)].with_(seed=(seed + step) % 2**32)
        there = configs[(step + 1) % len(configs)].with_(seed=(seed + step + 1) % 2**32)
        piece, rest = _segment(Mix(tween(here, there, SEGMENT_BARS), sample_rate))
        piece[:, : carry.shape[1]] += carry[:, : piece.shape[1]]
        carry = rest
        gain = _levelled(piece, gain, sample_rate)
        for first in range(0, piece.shape[1], sample_rate // 4):
            part = piece[:, first : first + sample_rate // 4]
            yield pcm16(np.clip(np.ascontiguousarray(part.T), -1, 1))
        step += 1


def _segment(mix: Mix) -> tuple[Samples, Samples]:
    """A segment, and what rings on after it."""
    n = round(mix.score.beats * mix.sample_rate)
    keep = round(_RING_S * mix.sample_rate)
    whole = np.zeros((2, n + keep), np.float32)
    with one_thread():
        first = 0
        for block in mix.blocks():
            part = whole[:, first : first + block.shape[1]]
            part += block[:, : part.shape[1]]
            first += block.shape[1]
            if first >= n + keep:
                break
    return whole[:, :n], whole[:, n:]


def _levelled(piece: Samples, last: float, sample_rate: int) -> float:
    """Bring a segment to the target, gliding from the last gain over four seconds."""
    with one_thread():
        loudness = master.loudness_of(master.frame_energies(piece, sample_rate))
        gain = last
        if np.isfinite(loudness):
            gain = min(10 ** ((master.TARGET_LUFS - loudness) / 20), master.MAX_GAIN)
        glide = np.clip(np.arange(piece.shape[1]) / (4.0 * sample_rate), 0, 1)
        piece *= ((last or gain) * (1 - glide) + gain * glide).astype(np.float32)
        limits = master.limiter_gains(master.true_peaks(piece, 0.6 * master.CEILING), False)
        master.apply_gains(piece, limits)
    return gain


def _endless_header(sample_rate: int) -> bytes:
    """A WAV header that leaves the length open."""
    body = struct.pack("<IHHIIHH", 16, 1, 2, sample_rate, sample_rate * 4, 4, 16)
    return b"RIFF\xff\xff\xff\xffWAVEfmt " + body + b"data\xff\xff\xff\xff"


def _cut(mix: Mix, n: int) -> Iterator[Samples]:
    """The blocks of a piece up to its last sample, faded out."""
    fade = min(n, round(min(0.6, mix.score.tail_s) * mix.sample_rate))
    first = 0
    for block in mix.blocks():
        part = block[:, : n - first]
        if first + part.shape[1] > n - fade:
            at = np.clip((np.arange(first, first + part.shape[1]) - (n - fade)) / fade, 0, 1)
            part = part * np.cos(at * np.pi / 2).astype(np.float32) ** 2
        yield part
        first += block.shape[1]
        if first >= n:
            return


def _chunk(sample_rate: int) -> int:
    """About six seconds: a whole number of loudness frames and of limiter frames."""
    unit = int(np.lcm(sample_rate // 10, master.FRAME))
    return unit * max(1, round(6 * sample_rate / unit))


def _chunks(spool: BinaryIO, n: int, chunk: int) -> Iterator[tuple[int, Samples]]:
    spool.seek(0)
    for first in range(0, n, chunk):
        data = spool.read(8 * min(chunk, n - first))
        yield first, np.ascontiguousarray(np.frombuffer(data, np.float32).reshape(-1, 2).T)


def _measured(spool: BinaryIO, n: int, chunk: int, sample_rate: int) -> tuple[Samples, Floats]:
    total, energies = np.zeros(2), []
    for _, piece in _chunks(spool, n, chunk):
        total += piece.sum(axis=1)
        energies.append(master.frame_energies(piece, sample_rate))
    return (total / n).astype(np.float32), np.concatenate(energies)


def _peaks(spool: BinaryIO, n: int, chunk: int, mean: Samples, energies: Floats) -> Floats:
    worth = master.worth_of(energies)
    found = []
    for _, piece in _chunks(spool, n, chunk):
        piece -= mean[:, None]
        found.append(master.true_peaks(piece, worth))
    return np.concatenate(found)
