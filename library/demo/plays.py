"""Two years of plays: sessions with a daily rhythm, and the vices planted among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from library.demo import owner
from library.demo.catalogue import Catalogue, Ints
from library.demo.playlists import MIXES
from music.features import Floats
from music.tracks import PLAY_COLUMNS, typed_rows

HOUR: Final = 3_600.0
DAY: Final = 24 * HOUR
N_SESSIONS: Final = 2_150
MOST_PLAYS: Final = 95  # of any song that is not a vice

# When sessions begin: hour, spread in hours, and how often, on weekdays and at weekends.
_WEEKDAY: Final = ((7.6, 0.4, 0.28), (12.4, 0.5, 0.14), (17.6, 0.6, 0.26), (20.9, 1.0, 0.32))
_WEEKEND: Final = ((10.6, 1.1, 0.30), (15.2, 1.4, 0.32), (20.6, 1.2, 0.38))


@dataclass(frozen=True)
class _Session:
    """Plays that follow one another: when it begins (seconds since the first day), and of what."""

    start_s: float
    tracks: Ints
    skippable: bool = True


def invent_plays(
    catalogue: Catalogue, entries: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Every play, oldest first; ``at`` is when it ended."""
    planted = [
        *_the_night(catalogue),
        *_night_shifts(catalogue, rng),
        *_christmas(catalogue, rng),
        *_phase(catalogue, rng),
        *_gym(catalogue, entries),
    ]
    n_planted = sum(len(session.tracks) for session in planted)
    pool = _everyday(catalogue, entries, owner.N_PLAYS - n_planted, rng)
    sessions = sorted([*planted, *_sessions(pool, rng)], key=lambda session: session.start_s)
    track = np.concatenate([session.tracks for session in sessions])
    skippable = np.repeat([s.skippable for s in sessions], [len(s.tracks) for s in sessions])
    skipped = _skipped(track, skippable, catalogue, rng)
    played = _played_s(track, skipped, catalogue, rng)
    ends = _ends(sessions, played)
    order = np.argsort(ends, kind="stable")
    plays = pd.DataFrame(
        {
            "track_id": catalogue.tracks.index.to_numpy(dtype=object)[track[order]],
            "at": owner.FIRST_DAY + pd.to_timedelta(ends[order].round(), unit="s"),
            "played_s": played[order].round(3),
            "skipped": skipped[order],
        }
    )
    return typed_rows(plays, PLAY_COLUMNS)


def _the_night(catalogue: Catalogue) -> list[_Session]:
    """The evening on which one song was played over and over."""
    song = np.full(owner.N_THE_NIGHT, catalogue.named(owner.THE_SONG))
    return [_Session(_seconds(owner.THE_NIGHT), song, skippable=False)]


def _night_shifts(catalogue: Catalogue, rng: np.random.Generator) -> list[_Session]:
    """Sea shanties, a little after three in the morning."""
    tracks = rng.choice(catalogue.of(owner.NIGHT_SCENE), size=owner.N_NIGHT_PLAYS)
    parts = np.array_split(tracks, 48)
    nights = np.sort(rng.choice(owner.N_DAYS, size=len(parts), replace=False))
    starts = nights * DAY + 3.02 * HOUR + rng.uniform(0, 0.2 * HOUR, len(parts))
    return [_Session(float(s), part, False) for s, part in zip(starts, parts, strict=True)]


def _christmas(catalogue: Catalogue, rng: np.random.Generator) -> list[_Session]:
    """Christmas songs in two Julys, and hardly any in December."""
    tracks = rng.choice(catalogue.of(owner.XMAS_SCENE), size=owner.N_XMAS_JULY)
    parts = np.array_split(tracks, 16)
    out = []
    for i, part in enumerate(parts):
        july = pd.Timestamp(f"{2025 + i % 2}-07-{2 + 3 * (i // 2):02d} 16:10", tz="UTC")
        out.append(_Session(_seconds(july) + float(rng.uniform(0, HOUR)), part, False))
    december = pd.Timestamp("2025-12-24 18:00", tz="UTC")
    few = rng.choice(catalogue.of(owner.XMAS_SCENE), size=owner.N_XMAS_DECEMBER)
    return [*out, _Session(_seconds(december), few, False)]


def _phase(catalogue: Catalogue, rng: np.random.Generator) -> list[_Session]:
    """Nine days of bagpipe techno: it began, it grew, it ended."""
    tracks = rng.choice(catalogue.of(owner.PHASE_SCENE), size=owner.N_PHASE_PLAYS)
    swell = np.array([3, 9, 17, 26, 31, 25, 17, 10, 5], dtype=float)
    cuts = (np.cumsum(swell / swell.sum())[:-1] * len(tracks)).round().astype(int)
    start = _seconds(owner.PHASE_FIRST_DAY)
    days = enumerate(np.split(tracks, cuts))
    return [_Session(start + day * DAY + 18.2 * HOUR, part, False) for day, part in days]


def _gym(catalogue: Catalogue, entries: pd.DataFrame) -> list[_Session]:
    """Four plays, on one Monday in January."""
    gym = _gym_tracks(catalogue, entries)
    return [_Session(_seconds(owner.GYM_DAY), gym[: owner.N_GYM_PLAYS], skippable=False)]


def _gym_tracks(catalogue: Catalogue, entries: pd.DataFrame) -> Ints:
    number = next(i for i, mix in enumerate(MIXES) if mix.name == owner.GYM)
    ids = entries["track_id"][entries["playlist_id"] == f"ghost:p{number:02d}"]
    return np.asarray(catalogue.tracks.index.get_indexer(pd.Index(ids)), dtype=np.intp)


def _everyday(
    catalogue: Catalogue, entries: pd.DataFrame, n: int, rng: np.random.Generator
) -> Ints:
    """All other plays in chance order: her band, her song, and the rest by love and year."""
    n_tracks = len(catalogue.tracks)
    song = catalogue.named(owner.THE_SONG)
    hers = catalogue.of(owner.THE_SCENE)
    n_hers = round(owner.THE_SHARE * owner.N_PLAYS)
    n_song = owner.N_THE_SONG - owner.N_THE_NIGHT
    love = np.array([scene.love for scene in catalogue.scenes])[catalogue.scene_of]
    love = love * rng.lognormal(0, 0.9, n_tracks)
    best = catalogue.tracks["year"].between(*owner.THE_YEARS).to_numpy()
    love[best] *= owner.BEST_YEARS_LOVE
    planted = catalogue.of(owner.NIGHT_SCENE, owner.XMAS_SCENE, owner.PHASE_SCENE)
    for none in (hers, planted, _gym_tracks(catalogue, entries), [song]):
        love[none] = 0
    band = _shares(n_hers, rng.uniform(0.75, 1.3, len(hers)))
    rest = _shares(n - n_hers - n_song, love, MOST_PLAYS)
    pool = np.concatenate(
        [np.repeat(hers, band), np.repeat(np.arange(n_tracks), rest), np.full(n_song, song)]
    )
    shuffled: Ints = rng.permutation(pool)
    return shuffled


def _shares(total: int, weights: Floats, most: int | None = None) -> Ints:
    """Whole numbers in proportion to the weights that add up to the total; none above ``most``."""
    exact = total * weights / weights.sum()
    if most is not None:
        for _ in range(20):  # what the cap takes off goes to the others
            exact = np.minimum(exact, most)
            open_ = exact < most
            exact[open_] *= 1 + (total - exact.sum()) / max(exact[open_].sum(), 1e-9)
    whole: Ints = np.floor(exact).astype(np.intp)
    missing = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:missing]] += 1
    return whole


def _sessions(pool: Ints, rng: np.random.Generator) -> list[_Session]:
    """The pool cut into sessions, and a time for each: weekdays commute, weekends do not."""
    lengths = rng.geometric(N_SESSIONS / len(pool), size=N_SESSIONS)
    cuts = np.cumsum(_shares(len(pool), lengths.astype(float)))[:-1]
    days = np.arange(owner.N_DAYS)
    weekday = (days + owner.FIRST_DAY.day_of_week) % 7
    season = 1 + 0.35 * np.cos(2 * np.pi * (days - 80) / 365)  # winters are long there
    busy = season * np.where(weekday >= 5, 0.8, 1.0) * rng.gamma(6, 1 / 6, owner.N_DAYS)
    chosen = rng.choice(days, size=N_SESSIONS, p=busy / busy.sum())
    hours = np.where(weekday[chosen] < 5, _hours(_WEEKDAY, rng), _hours(_WEEKEND, rng))
    starts = chosen * DAY + hours * HOUR
    return [_Session(float(s), p) for s, p in zip(starts, np.split(pool, cuts), strict=True)]


def _hours(kind: tuple[tuple[float, float, float], ...], rng: np.random.Generator) -> Floats:
    """Hours of the day at which sessions begin."""
    centre, spread, often = np.array(kind).T
    which = rng.choice(len(kind), size=N_SESSIONS, p=often)
    hours: Floats = np.clip(rng.normal(centre[which], spread[which]), 5.5, 22.6)
    return hours


def _skipped(
    track: Ints, skippable: npt.NDArray[np.bool_], catalogue: Catalogue, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """A third of all plays, as often her band's as anybody's; never the song."""
    hers = np.isin(track, catalogue.of(owner.THE_SCENE))
    open_ = skippable & (track != catalogue.named(owner.THE_SONG))
    n = round(owner.SKIP_SHARE * len(track))
    n_hers = round(owner.THE_SHARE * n)
    out = np.zeros(len(track), dtype=bool)
    out[rng.choice(np.flatnonzero(open_ & hers), size=n_hers, replace=False)] = True
    out[rng.choice(np.flatnonzero(open_ & ~hers), size=n - n_hers, replace=False)] = True
    return out


def _played_s(
    track: Ints, skipped: npt.NDArray[np.bool_], catalogue: Catalogue, rng: np.random.Generator
) -> Floats:
    """Seconds heard: the whole song, sometimes most of it, or about twelve."""
    whole = catalogue.tracks["duration_s"].to_numpy(dtype=float)[track]
    partly = rng.random(len(track)) < 0.07
    heard = np.where(partly, whole * rng.uniform(0.55, 0.97, len(track)), whole)
    skips = np.clip(rng.normal(owner.SKIP_AFTER_S, 2.2, len(track)), 6, 20)
    return np.where(skipped, skips, heard)


def _ends(sessions: list[_Session], played: Floats) -> Floats:
    """When each play ended; a session that would begin inside another waits for its end."""
    lengths = np.array([len(session.tracks) for session in sessions])
    steps = played + 2.0
    done = np.cumsum(steps)
    last = np.cumsum(lengths) - 1
    duration = np.diff(done[last], prepend=0.0)
    before = np.cumsum(duration) - duration
    starts = np.array([session.start_s for session in sessions])
    starts = np.maximum.accumulate(starts - before) + before
    return np.repeat(starts - before, lengths) + done


def _seconds(moment: pd.Timestamp) -> float:
    return (moment - owner.FIRST_DAY).total_seconds()
