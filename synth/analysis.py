"""Sound becomes a vibe: what can be measured in any recording, ours or the user's own.

Tempo, key, loudness, colour and density are measured. Energy, valence, danceability and
acousticness are estimates: ridge regression on measurements, learned from our own renders
(`synth/fit_analysis.py`), and never to be shown as Spotify's values. The rest has weight 0.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from music.errors import InputError
from music.features import NAMES, Scale, index_of
from music.threads import one_thread
from music.vibe import Vibe
from synth.descriptors import FRAMES_S, RATE, Frames, Tones, chroma, frames, mono_at_rate
from synth.learned import table
from synth.master import frame_energies, loudness_of
from synth.partials import Floats, Samples
from synth.tempo import autocorrelation, onset_rate, tempo_of
from synth.tonality import Key, key_of

ESTIMATED: Final = ("energy", "valence", "danceability", "acousticness")
MAX_SECONDS: Final = 900.0
MAX_BYTES: Final = 200 * 2**20


@dataclass(frozen=True)
class SoundFacts:
    """What was measured in a sound.

    Parameters
    ----------
    tempo_bpm
        Felt beats a minute; 0 where no beat was found.
    beat_clarity, key_clarity
        How sure tempo and key are, in [0, 1].
    tonic, mode, scale
        Pitch class (0 = C), "major" or "minor", and the nearest scale of `music.theory`.
    loudness_lufs
        Integrated loudness.
    brightness_hz
        Centre of the spectrum.
    onsets_per_s
        How much begins in a second.
    dynamic_db
        Distance between loud and soft moments.
    duration_s
        Length.
    """

    tempo_bpm: float
    beat_clarity: float
    tonic: int
    mode: str
    scale: str
    key_clarity: float
    loudness_lufs: float
    brightness_hz: float
    onsets_per_s: float
    dynamic_db: float
    duration_s: float


def analyse(samples: Samples, sample_rate: int, origin: str = "") -> tuple[Vibe, SoundFacts]:
    """The vibe and the facts of a sound.

    Parameters
    ----------
    samples
        float32, shape (n,) or (n, 2).
    sample_rate
        Samples per second.
    origin
        Where it comes from, for people.

    Returns
    -------
    tuple of Vibe and SoundFacts
        Tempo has the weight of its clarity, the estimates 0.6, what was not measured 0.

    Raises
    ------
    InputError
        If there is less than a second of sound, more than 15 minutes, or only silence.
    """
    duration_s = len(samples) / max(sample_rate, 1)
    if not 1.0 <= duration_s <= MAX_SECONDS:
        raise InputError(
            f"a sound to analyse lasts 1 s to {MAX_SECONDS / 60:.0f} min, got {duration_s:,.1f} s."
        )
    samples = np.nan_to_num(np.asarray(samples, np.float32))
    with one_thread():
        mono = mono_at_rate(samples, sample_rate)
        if not mono.any():
            raise InputError("this sound is silent, so there is nothing to hear in it.")
        facts, values = heard(samples, sample_rate, mono)
    return _vibe(facts, values, origin), facts


def analyse_file(data: bytes, origin: str = "") -> tuple[Vibe, SoundFacts]:
    """The vibe of a sound file (WAV, FLAC, OGG, MP3) given as bytes.

    Raises
    ------
    InputError
        If it cannot be read, is too big, or `analyse` refuses it.
    """
    import soundfile

    if len(data) > MAX_BYTES:
        raise InputError(f"{origin or 'the file'} is too big: more than {MAX_BYTES >> 20} MB.")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate = file.samplerate
            if file.frames / max(rate, 1) > MAX_SECONDS:
                raise InputError(f"{origin or 'the file'} is longer than 15 minutes.")
            samples = file.read(dtype="float32", always_2d=True)[:, :2]
    except (soundfile.SoundFileError, TypeError, ValueError) as error:
        raise InputError(f"{origin or 'the file'} is not a sound file that can be read.") from error
    return analyse(samples, rate, origin)


def heard(samples: Samples, sample_rate: int, mono: Samples) -> tuple[SoundFacts, Floats]:
    """What is measured in a sound and in its `mono_at_rate`, and the numbers estimates rest on."""
    found, tones = frames(mono), chroma(mono)
    tempo_bpm, clarity = tempo_of(found)
    key = key_of(mono, tones)
    facts = _facts(samples, sample_rate, found, tempo_bpm, clarity, key)
    return facts, measured(mono, found, facts, key, tones)


def _facts(
    samples: Samples, sample_rate: int, found: Frames, tempo_bpm: float, clarity: float, key: Key
) -> SoundFacts:
    stereo = samples if samples.ndim == 2 else np.stack([samples, samples], axis=1)
    energies = frame_energies(np.ascontiguousarray(stereo.T), sample_rate)
    level = 10 * np.log10(np.maximum(energies, 1e-9))
    loud, soft = np.percentile(level, (95, 10))
    duration_s = len(samples) / sample_rate
    return SoundFacts(
        tempo_bpm, clarity, key.tonic, key.mode, key.scale, key.clarity, loudness_of(energies),
        found.centroid_hz, onset_rate(found), float(loud - soft), duration_s,
    )  # fmt: skip


def measured(mono: Samples, found: Frames, facts: SoundFacts, key: Key, tones: Tones) -> Floats:
    """The measurements the estimates are made of, free of level; shape (n,)."""
    power = found.spectrum / max(found.spectrum.sum(), 1e-12)
    edges = (0, 120, 300, 700, 1500, 3000, 6000, RATE / 2)
    shares = [
        np.log10(power[(found.freqs_hz >= a) & (found.freqs_hz < b)].sum() + 1e-5)
        for a, b in pairwise(edges)
    ]
    level = 10 * np.log10(found.energy / found.energy.max() + 1e-6)
    bands = found.bands
    repeats = [_best_repeat(band) for band in bands.T]
    crest = 20 * np.log10(np.abs(mono).max() + 1e-6)
    return np.array([
        *shares,
        np.log(found.centroid_hz), found.centroid_spread, found.flatness,
        *bands.mean(axis=0), *bands.std(axis=0), *repeats,
        facts.onsets_per_s, facts.beat_clarity, np.log(max(facts.tempo_bpm, 40.0)),
        facts.mode == "major", (facts.mode == "major") * facts.key_clarity,
        level.mean(), level.std(), crest, facts.dynamic_db,
        *key.degrees, tones.height, tones.spread, *found.cepstra,
    ])  # fmt: skip


def _best_repeat(band: Floats) -> float:
    """How regularly a band's onsets come back between 0.25 and 2 s."""
    if len(band) < 4 * FRAMES_S or band.std() < 1e-6:
        return 0.0
    repeat = autocorrelation(band)
    return float(repeat[int(0.25 * FRAMES_S) : int(2 * FRAMES_S)].max())


def _vibe(facts: SoundFacts, values: Floats, origin: str) -> Vibe:
    features, weights = [0.5] * len(NAMES), [0.0] * len(NAMES)
    for name, estimate in estimates(values).items():
        features[index_of(name)], weights[index_of(name)] = estimate, 0.6
    if facts.tempo_bpm > 0:
        raw = [np.nan] * len(NAMES)
        raw[index_of("tempo")] = facts.tempo_bpm
        j = index_of("tempo")
        features[j] = float(Scale.reference().percentiles(raw)[j])
        weights[j] = round(0.3 + 0.7 * facts.beat_clarity, 3)
    return Vibe(tuple(features), tuple(weights), (), origin)


def estimates(values: Floats) -> dict[str, float]:
    """Energy, valence, danceability and acousticness in [0, 1] from measurements."""
    learned = table("analysis")
    x = bent(values, learned["mean"], learned["spread"])
    out = {n: learned[n][0] + learned[n][1:] @ x for n in ESTIMATED}
    return {n: float(np.clip(x, 0.0, 1.0)) for n, x in out.items()}


def bent(values: Floats, means: Floats, spreads: Floats) -> Floats:
    """Measurements (..., n) against the usual, and how far off they are either way: (..., 2 n)."""
    x = np.clip((values - means) / spreads, -3, 3)
    return np.concatenate([x, np.abs(x)], axis=-1)
