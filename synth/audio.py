"""Sound as a value: float32 stereo that can encode itself and show itself as a player."""

from __future__ import annotations

import base64
import io
import wave
from dataclasses import dataclass

import numpy as np

from synth.partials import Samples


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
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(self.sample_rate)
            file.writeframes(pcm16(self.samples))
        return out.getvalue()

    def _repr_html_(self) -> str:
        """A player, for notebooks."""
        data = base64.b64encode(self.wav()).decode("ascii")
        return f'<audio controls src="data:audio/wav;base64,{data}"></audio>'


def pcm16(samples: Samples) -> bytes:
    """Samples in [-1, 1] as little-endian 16-bit integers, rounded to the nearest."""
    return bytes(np.rint(samples * np.float32(32767)).astype("<i2").data)
