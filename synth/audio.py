"""Sound as a value: float32 stereo that can encode itself and show itself as a player."""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from synth.partials import Samples

_CHUNK: Final = 1 << 14  # frames turned into integers at a time: they stay in the cache
_OPEN_END: Final = 2**32 - 1


@dataclass(frozen=True)
class Audio:
    """Rendered sound.

    Parameters
    ----------
    samples
        float32, shape (n, 2), in [-1, 1].
    sample_rate
        Samples per second.
    title
        For players and file tags.
    """

    samples: Samples
    sample_rate: int
    title: str = ""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate

    def wav(self) -> bytes:
        """A 16-bit WAV file."""
        file = io.BytesIO()  # hands its bytes over without another copy
        file.write(wav_header(self.sample_rate, len(self.samples)))
        for chunk in _rounded(self.samples):
            file.write(chunk.data)
        return file.getvalue()

    def _repr_html_(self) -> str:
        """A player, for notebooks."""
        data = base64.b64encode(self.wav()).decode("ascii")
        return f'<audio controls src="data:audio/wav;base64,{data}"></audio>'


def pcm16(samples: Samples) -> bytes:
    """Samples in [-1, 1] as little-endian 16-bit integers, rounded to the nearest."""
    return b"".join(chunk.tobytes() for chunk in _rounded(samples))


def _rounded(samples: Samples) -> Iterator[npt.NDArray[np.int16]]:
    """The integers a chunk at a time, always in the same memory."""
    scratch, out = np.empty((_CHUNK, 2), np.float32), np.empty((_CHUNK, 2), "<i2")
    for first in range(0, len(samples), _CHUNK):
        chunk = samples[first : first + _CHUNK]
        scaled = np.multiply(chunk, np.float32(32767), out=scratch[: len(chunk)])
        np.rint(scaled, out=scaled)
        np.copyto(out[: len(chunk)], scaled, casting="unsafe")
        yield out[: len(chunk)]


def wav_header(sample_rate: int, n_frames: int | None) -> bytes:
    """The header of a 16-bit stereo WAV file; None frames leave its length open."""
    size = _OPEN_END if n_frames is None else 4 * n_frames
    whole = _OPEN_END if n_frames is None else size + 36
    body = struct.pack("<IHHIIHH", 16, 1, 2, sample_rate, sample_rate * 4, 4, 16)
    riff = b"RIFF" + struct.pack("<I", whole) + b"WAVEfmt "
    return riff + body + b"data" + struct.pack("<I", size)
