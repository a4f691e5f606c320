"""Long and endless music in bounded memory: a piece straight into a file, and ambient for ever."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import numpy as np

from music.errors import InputError
from music.threads import one_thread
from synth import master
from synth.audio import pcm16, wav_header
from synth.compose import compose_piece
from synth.mix import Mix
from synth.partials import Floats, Samples
from synth.render import SAMPLE_RATE, check_rate
from synth.schema import MusicConfig
from synth.tween import tween

_RING_S: Final = 4.0  # how much of a segment's end is kept for the start of the next
SEGMENT_BARS: Final = 12
_CHUNK: Final = 1 << 17  # frames mastered at a time


def write_wav(
    config: MusicConfig, duration_s: float, file: BinaryIO, sample_rate: int = SAMPLE_RATE
) -> None:
    """Compose a piece of so many seconds and write it as WAV, in memory that does not grow.

    The mix goes to a temporary file first, because its loudness is known only at the end; then it
    is read again, brought to -16 LUFS under the ceiling, and written.
    """
    check_rate(sample_rate)
    mix = Mix(compose_piece(config, duration_s), sample_rate)
    with tempfile.TemporaryFile() as spool, one_thread():
        levels = master.Levels(sample_rate)
        for part in _in_parts(_cut(mix, mix.frames), master.frame_of(sample_rate)):
            levels.add(part)
            spool.write(part.T.tobytes())
        gains = levels.gains(_true_peaks(spool, levels), circular=False)
        file.write(wav_header(sample_rate, mix.frames))
        for first in range(0, mix.frames, _CHUNK):
            piece = _read(spool, first, min(_CHUNK, mix.frames - first))
            master.apply_gains(piece, gains, levels.mean, first // master.FRAME)
            file.write(pcm16(piece.T))


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
    yield wav_header(sample_rate, None)
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
            yield pcm16(np.clip(part.T, -1, 1))
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
        peaks = master.sample_peaks(piece)
        loud = np.flatnonzero(peaks > 0.6 * master.CEILING)
        peaks[loud] = np.maximum(peaks[loud], master.true_peaks(piece, loud))
        limits = master.Gains(1.0, master.limiter_gains(peaks, False))
        master.apply_gains(piece, limits, np.zeros(2, np.float32))
    return gain


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


def _in_parts(blocks: Iterator[Samples], unit: int) -> Iterator[Samples]:
    """The same samples in parts that are whole multiples of a unit, the last one as it comes."""
    rest = np.zeros((2, 0), np.float32)
    for block in blocks:
        line = np.concatenate([rest, block], axis=1)
        whole = line.shape[1] // unit * unit
        if whole:
            yield line[:, :whole]
        rest = line[:, whole:]
    if rest.shape[1]:
        yield rest


def _true_peaks(spool: BinaryIO, levels: master.Levels) -> Floats:
    """Peaks of the limiter frames, oversampled where they may come near the ceiling."""
    peaks, loud = levels.peaks(), levels.loud_frames()
    per = _CHUNK // master.FRAME
    for group in np.split(loud, np.flatnonzero(np.diff(loud // per)) + 1):
        if not len(group):
            continue
        first = max(int(group[0]) - 1, 0)  # a frame to either side, for the interpolation
        piece = _read(spool, first * master.FRAME, (int(group[-1]) - first + 2) * master.FRAME)
        found = master.true_peaks(piece, group - first)
        peaks[group] = np.maximum(peaks[group], found)
    return peaks


def _read(spool: BinaryIO, first: int, n: int) -> Samples:
    """Up to n frames of the spooled mix from the first on, shape (2, n)."""
    spool.seek(8 * first)
    data = np.frombuffer(spool.read(8 * n), np.float32)
    return np.ascontiguousarray(data.reshape(-1, 2).T)
