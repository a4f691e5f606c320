"""The ambience of a score, laid under its music block by block."""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np

from synth.ambience import TABLE_LUFS, table
from synth.partials import Samples
from synth.schema import NONE
from synth.score import Score

LEVEL_LUFS: Final = -35.0  # before the master, at full energy; the music lies at -20 to -7
FADE_S: Final = 2.0


class Ground:
    """The ambience of one score, block by block.

    It fades in at the start of a piece and out in its tail, and from one to the next where a
    journey changes it; in a loop it runs through the seam.
    """

    def __init__(self, score: Score, sample_rate: int, circular: bool) -> None:
        per_beat = 60.0 / score.tempo_bpm * sample_rate
        self._frames = round(score.duration_s * sample_rate)
        self._circular = circular
        self._fade = max(1, min(round(FADE_S * sample_rate), self._frames // 4))
        config = score.config
        self._from = zlib.crc32(b"%d" % config.seed)
        level = 10 ** ((LEVEL_LUFS - TABLE_LUFS) / 20)
        self._level = np.float32(level * (0.6 + 0.4 * config.energy))
        starts = [(round(beat * per_beat), name) for beat, name in score.ambiences]
        ends = [*(start for start, _ in starts[1:]), self._frames - self._fade]
        self._scenes = [
            (start, end, table(name, sample_rate))
            for (start, name), end in zip(starts, ends, strict=False)
            if name != NONE
        ]

    def add(self, stereo: Samples, first: int) -> None:
        """Lay it under a block, shape (2, n), that begins so many frames into the score."""
        n, fade = stereo.shape[1], self._fade
        for start, end, sounds in self._scenes:
            if self._circular:  # the last moments fade over into what came before the first
                seam = self._risen(first - (self._frames - fade), n)
                stereo += np.sqrt(1 - seam) * self._taken(sounds, first, n)
                if np.any(seam):
                    stereo += np.sqrt(seam) * self._taken(sounds, first - self._frames, n)
            elif start < first + n and first < end + fade:
                gain = np.sqrt(self._risen(first - start, n) * (1 - self._risen(first - end, n)))
                stereo += gain * self._taken(sounds, first, n)

    def _risen(self, first: int, n: int) -> Samples | np.float32:
        """0 before a fade, 1 after it, for n frames from the first after its start."""
        if first >= self._fade or first + n <= 0:
            return np.float32(first >= self._fade)
        share = np.arange(first, first + n, dtype=np.float32) / np.float32(self._fade)
        return np.asarray(np.clip(share, 0.0, 1.0))

    def _taken(self, sounds: Samples, first: int, n: int) -> Samples:
        """So many frames of a table, at the level of the piece."""
        at = (first + self._from) % sounds.shape[1]
        cut = sounds[:, at : at + n]
        while cut.shape[1] < n:
            cut = np.concatenate([cut, sounds[:, : n - cut.shape[1]]], axis=1)
        return self._level * cut
