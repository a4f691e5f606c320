"""Texts as vectors, remembered on disk: a title is encoded once in its life.

The file holds no text, only the first eight bytes of a text's SHA-256 and its vector in half
precision (776 bytes a text); it lies in Ghostnotes' own folder and goes with `forget`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

Floats32 = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats32]
Tell = Callable[[float, str], None]

BATCH: Final = 96  # texts between two words of progress: under a second
WIDTH: Final = 384
MOST: Final = 200_000  # texts kept: 155 MB; above, the file starts again


class Vectors:
    """Remembers what a sentence encoder said.

    Parameters
    ----------
    path
        Where to keep it; None = in memory only.
    encode
        Texts to unit vectors of shape (n_texts, 384).
    """

    def __init__(self, path: Path | None, encode: Encode) -> None:
        self.path, self._encode = path, encode
        self._lock = threading.Lock()
        self._known: dict[int, npt.NDArray[np.float16]] = {}
        self._is_loaded = path is None
        self.n_encoded = 0  # since the start of this process

    def of(self, texts: Sequence[str], tell: Tell | None = None) -> Floats32:
        """The vectors of some texts, shape (n_texts, 384); unknown ones are encoded and kept.

        Parameters
        ----------
        tell
            Hears how far it is, in [0, 1]; may raise to stop, then what was encoded so far stays.
        """
        with self._lock:
            self._load()
            keys = [_key(text) for text in texts]
            new = dict(zip(keys, texts, strict=True))
            missing = [key for key in new if key not in self._known]
            try:
                for first in range(0, len(missing), BATCH):
                    if tell is not None:
                        tell(first / len(missing), f"{first:,} of {len(missing):,} names read")
                    some = missing[first : first + BATCH]
                    for key, vector in zip(some, self._encode([new[k] for k in some]), strict=True):
                        self._known[key] = vector.astype(np.float16)
                    self.n_encoded += len(some)
            finally:
                if missing:
                    self._save()
            if not keys:
                return np.empty((0, WIDTH), dtype=np.float32)
            return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def forget(self) -> None:
        """Delete what is remembered."""
        with self._lock:
            self._known.clear()
            if self.path is not None:
                self.path.unlink(missing_ok=True)

    def _load(self) -> None:
        if self._is_loaded or self.path is None:
            return
        self._is_loaded = True
        try:
            with self.path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                keys, vectors = file["keys"], file["vectors"]
        except (
            OSError,
            ValueError,
            TypeError,
            KeyError,
            EOFError,
            BadZipFile,
        ):  # none yet, or damaged
            return
        if vectors.shape == (len(keys), WIDTH) and len(keys) <= MOST:
            self._known = dict(zip(keys.tolist(), vectors, strict=True))

    def _save(self) -> None:
        if self.path is None or not self._known:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(f".{os.getpid()}.part.npz")
        keys = np.fromiter(self._known, dtype=np.uint64, count=len(self._known))
        np.savez(part, keys=keys, vectors=np.stack(list(self._known.values())))
        part.replace(self.path)


def _key(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "little")
