"""Music as files: WAV, FLAC, OGG, MP3 with the config inside, stems as a zip, and the way back.

A file made here carries its config in a comment tag, so it can be turned back into what made it.
"""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Final

import numpy as np

from music.errors import InputError
from synth.audio import Audio
from synth.master import mastered
from synth.mix import Mix
from synth.partials import Samples
from synth.schema import MusicConfig
from synth.score import Score

FORMATS: Final = {"wav": "WAV", "flac": "FLAC", "ogg": "OGG", "mp3": "MP3"}
MARK: Final = "ghostnotes-config:"
_CHUNK: Final = 8192  # libsndfile may crash when a long OGG is written in one call (its issue 1093)


def encoded(
    audio: Audio, kind: str, config: MusicConfig | None = None, compression: float | None = None
) -> bytes:
    """The sound as a file of one of `FORMATS`, with title and config in its tags.

    ``compression`` runs from 0 (best) to 1 (smallest); the format's own default if None.

    Raises
    ------
    InputError
        If the kind is not known.
    """
    import soundfile

    if kind not in FORMATS:
        raise InputError(f"music is written as {', '.join(FORMATS)}, not as {kind!r}.")
    out = io.BytesIO()
    with soundfile.SoundFile(
        out, "w", audio.sample_rate, 2, format=FORMATS[kind], subtype=_SUBTYPES.get(kind),
        compression_level=compression,
    ) as file:  # fmt: skip
        file.title = audio.title or "Ghostnotes"
        file.software = "Ghostnotes"
        if config is not None:
            file.comment = MARK + config.to_json()
        for first in range(0, len(audio.samples), _CHUNK):
            file.write(audio.samples[first : first + _CHUNK])
    return out.getvalue()


_SUBTYPES: Final = {"wav": "PCM_16", "flac": "PCM_16"}


def config_in(data: bytes) -> MusicConfig:
    """The config a file of ours was made from.

    Raises
    ------
    InputError
        If the file is no sound, or was not made here.
    """
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            comment = file.comment
    except (soundfile.SoundFileError, struct.error, TypeError) as error:
        raise InputError("this file is not a sound file that can be read.") from error
    if not comment.startswith(MARK):
        raise InputError("this sound file was not made by Ghostnotes, so it carries no config.")
    return MusicConfig.from_json(comment.removeprefix(MARK))


def made_here(data: bytes) -> MusicConfig | None:
    """The config in a file, or None where there is none: somebody else's sound."""
    try:
        return config_in(data)
    except InputError:
        return None


def stems(score: Score, sample_rate: int) -> dict[str, Audio]:
    """Each layer that plays, at the level it has in the mix: together they are the mix.

    The gain of the master is worked out once for all of them, without its limiter.
    """
    from music.threads import one_thread
    from synth.render import cut

    circular = score.tail_s == 0
    parts: dict[str, Samples] = {}
    with one_thread():
        for layer in score.sounding:
            mix = Mix(score, sample_rate, frozenset({layer}))
            parts[layer] = mix.loop() if circular else cut(mix)
        whole = np.sum(list(parts.values()), axis=0)
        before = float(np.abs(whole).max())
        mastered(whole, sample_rate, circular)
        gain = float(np.abs(whole).max()) / max(before, 1e-9)
        peak = max(float(np.abs(p).max()) for p in parts.values()) * gain
    level = np.float32(gain / max(peak, 1.0))
    return {n: Audio(np.ascontiguousarray(p.T) * level, sample_rate, n) for n, p in parts.items()}


def stems_zip(score: Score, sample_rate: int) -> bytes:
    """The stems as WAV files in one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, audio in stems(score, sample_rate).items():
            archive.writestr(zipfile.ZipInfo(f"{name}.wav"), audio.wav())
    return out.getvalue()
