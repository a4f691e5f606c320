"""What every voice is, pitched or drum: something that plays one note of any pitch and length."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from synth.partials import Samples


class Voice(ABC):
    """``voice(freq_hz, duration_s, sample_rate, brightness)`` is one note."""

    def __call__(
        self, freq_hz: float, duration_s: float, sample_rate: int, brightness: float = 0.5
    ) -> Samples:
        """One note.

        Parameters
        ----------
        freq_hz
            Its pitch; a drum is as made at 440.
        duration_s
            Its length in seconds, release and all.
        sample_rate
            Samples per second.
        brightness
            In [0, 1], 0.5 as made.

        Returns
        -------
        ndarray of float32, shape (round(duration_s * sample_rate),)
            Mono samples in [-1, 1], without aliasing, silent at both ends.
        """
        n = round(duration_s * sample_rate)
        if n <= 0:
            return np.zeros(0, np.float32)
        return self._note(freq_hz, n, sample_rate, brightness)

    @abstractmethod
    def _note(self, freq_hz: float, n: int, sample_rate: int, brightness: float) -> Samples:
        """The n samples of a note, n > 0."""
