"""Fitted weights on disk: numbers in an .npz, and beside it what they are, with a checksum.

Nothing is ever unpickled. Trees are not saved: fitting them again takes seconds.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from music.errors import InputError
from recommender.score import Weights

FORMAT: Final = 2


def save(weights: Weights, path: Path, learned_from: Mapping[str, int] | None = None) -> None:
    """Write ``path.npz`` and ``path.json``.

    Parameters
    ----------
    path
        Without suffix; its folder must exist.
    learned_from
        What stands beside them for people: how many playlists, tracks ...
    """
    names = sorted(weights.few)
    buffer = io.BytesIO()
    np.savez(buffer, few=weights.array(names, 1.0), many=[weights.many[n] for n in names])
    about = {
        "format": FORMAT,
        "what": "weights of the Ghostnotes recommender",
        "features": names,
        "learned_from": dict(learned_from or {}),
        "versions": {"numpy": np.__version__, "scikit-learn": version("scikit-learn")},
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
    }
    path.with_suffix(".npz").write_bytes(buffer.getvalue())
    path.with_suffix(".json").write_text(json.dumps(about, indent=1), encoding="utf-8")


def described(path: Path) -> dict[str, Any]:
    """What stands beside saved weights.

    Raises
    ------
    InputError
        If it is missing or of another format.
    """
    try:
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read as fitted weights: {error}") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise InputError(f"{path.name} is of another format than {FORMAT}; learn it again.")
    return about


def load(path: Path) -> Weights:
    """Read what `save` wrote.

    Raises
    ------
    InputError
        If a file is missing, was changed, or is of another format; nothing is guessed.
    """
    name, about = path.name, described(path)
    try:
        content = path.with_suffix(".npz").read_bytes()
    except OSError as error:
        raise InputError(f"{name} cannot be read as fitted weights: {error}") from error
    if about.get("sha256") != hashlib.sha256(content).hexdigest():
        raise InputError(f"{name}.npz is not the file that was saved; learn the weights again.")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            few, many = (np.asarray(arrays[side], dtype=np.float64) for side in ("few", "many"))
        names = [str(feature) for feature in about["features"]]
        pairs = [dict(zip(names, side.tolist(), strict=True)) for side in (few, many)]
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise InputError(f"{name} does not hold fitted weights: {error}") from error
    if not np.isfinite(np.concatenate([few, many])).all():
        raise InputError(f"{name} holds weights that are no numbers; learn them again.")
    return Weights(*pairs)
