"""Tracks for a wish: exclusions always, limits as long as they can be kept, the rest by rank.

Every track comes from the table that is given, so none is invented; what had to be relaxed is said
rule by rule; each track says in one line which rules it meets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.errors import InputError, NotFoundError
from music.features import FEATURES, Floats
from music.playlist import PlaylistSpec
from music.tracks import JOIN
from recommender.catalogue import Catalogue
from recommender.lookup import Flags, Lookup
from recommender.ordering import in_order
from recommender.pick import best, place_in_group
from recommender.recommend import Recommender
from recommender.score import hear
from recommender.search import WordSearch
from recommender.seeds import Seeds
from recommender.seeds import find as find_seeds
from recommender.wanted import Rule, exclusions, limits, matched_genre

Ints = npt.NDArray[np.intp]

MEDIAN_SONG_S: Final = 210.0  # counts where a length is unknown
SEEDS_PER_ARTIST: Final = 6
NAMED_ARTIST: Final = 2.5  # standard deviations a named artist stands above the rest
WORDS: Final = 1.5  # the best word match, in the same measure
KIN_NAME: Final = 0.8  # "Kenny Wayne Shepherd Band" where Kenny Wayne Shepherd was named
COPY: Final = 1.0  # what being a karaoke version or a tribute costs
_COPY: Final = re.compile(
    r"(?i)\b(?:karaoke|tribute|originally performed|in the style of|made famous|cover version|"
    r"ringtone|workout mix|8[- ]bit version|lullaby version|piano version)\b"
)
FADING: Final = 0.85  # an artist named earlier counts less than the one after
KEPT: Final = 1_000.0  # above any score
VARIETY: Final = 0.25  # what another seed may shuffle


class Meaning(Protocol):
    """Knows how near each track of the catalogue is to some sentences."""

    def score(self, sentences: Sequence[str]) -> Floats:
        """Shape (n_tracks,), about standard; 0 is the average track."""
        ...


@dataclass(frozen=True)
class Found:
    """A playlist that was found.

    Parameters
    ----------
    tracks
        In playing order; a track table, perhaps without rows.
    reasons
        One line a track: the rules it meets and why it is here.
    relaxed
        What had to give way, in the order it did; empty if every rule held.
    notes
        What else to know: fewer tracks than asked, rules nothing is known about.
    """

    tracks: pd.DataFrame
    reasons: tuple[str, ...] = ()
    relaxed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Track ids in playing order."""
        return [str(i) for i in self.tracks.index]

    @property
    def minutes(self) -> float:
        """How long it plays; unknown lengths count as 3:30."""
        return float(self.tracks["duration_s"].fillna(MEDIAN_SONG_S).sum() / 60)

    def ranked(self) -> list[str]:
        """Track ids, best first, whatever order they play in."""
        return sorted(self.ids, key=lambda i: -self.scores[i])


class Finder:
    """Answers wishes over one catalogue; build it once and keep it.

    Parameters
    ----------
    recommender
        Ranks; brings the catalogue along.
    meaning
        Anything with ``score(sentences) -> (n_tracks,)`` that knows what titles and artists mean
        (`llm.playlist_meaning.TrackMeaning`); helps most where tracks have no genres.
    """

    def __init__(
        self, recommender: Recommender | Catalogue | pd.DataFrame, meaning: Meaning | None = None
    ) -> None:
        if not isinstance(recommender, Recommender):
            if not len(recommender):
                raise NotFoundError("There are no tracks to choose from; import a library first.")
            recommender = Recommender(recommender)
        self.recommender = recommender
        self.catalogue = recommender.catalogue
        self.words = WordSearch(self.catalogue.tracks)
        self.meaning = meaning
        tracks = self.catalogue.tracks
        said = tracks["name"].fillna("") + " " + tracks["album"].fillna("")
        self._is_copy = np.array([_COPY.search(text) is not None for text in said])
        self.lookup = Lookup(tracks)

    def find(
        self,
        spec: PlaylistSpec,
        known: Iterable[str] = (),
        locked: Sequence[str] = (),
        without: Iterable[str] = (),
        seed: int = 0,
    ) -> Found:
        """The playlist of a wish.

        Parameters
        ----------
        known
            Ids of tracks the listener has, for wishes about new or familiar music.
        locked
            Ids that stay in, whatever the rules say.
        without
            Ids that must not come ("swap this one").
        seed
            0 takes the best; another number varies the list among the good ones.

        Raises
        ------
        InputError
            If a locked track is not in the catalogue.
        """
        tracks = self.catalogue.tracks
        kept = self.catalogue.ids.get_indexer(pd.Index(list(locked)))
        if (kept < 0).any():
            missing = [i for i, row in zip(locked, kept, strict=True) if row < 0]
            raise InputError(f"{missing[0]!r} is locked but not in this catalogue.")
        rows, relaxed, notes, scores = self._chosen(spec, known, kept, without, seed)
        chosen = tracks.iloc[rows]
        at = in_order(chosen, spec.order, seed)
        rows, chosen = rows[at], chosen.iloc[at]
        notes += _short(spec, chosen)
        if spec.says_nothing():
            notes.append("The wish names nothing to look for, so these are simply liked by many.")
        reasons = _reasons(spec, chosen, self.lookup.percentiles[rows])
        return Found(
            chosen, tuple(reasons), tuple(relaxed), tuple(notes),
            dict(zip(map(str, chosen.index), scores[rows].tolist(), strict=True)),
        )  # fmt: skip

    def rank(self, spec: PlaylistSpec) -> Floats:
        """How well each track of the catalogue answers a wish, shape (n_tracks,); 0 is average."""
        tracks = self.catalogue.tracks
        total = _standard(self._heard(spec)) if _speaks(spec) else np.zeros(len(tracks))
        for age, artist in enumerate(spec.artists_like):
            total += NAMED_ARTIST * FADING**age * self._named(artist)
        if spec.text:
            found = self.words.score(spec.text)
            total += WORDS * found / max(float(found.max()), 1e-9)
            if self.meaning is not None:
                total += self.meaning.score(spec.text)
        if spec.says_nothing():
            total += _standard(tracks["popularity"].fillna(0.0).to_numpy(dtype=float))
        return total - self._copies(spec)

    def _copies(self, spec: PlaylistSpec) -> Floats:
        """Karaoke, tributes and covers stand behind, unless the wish says them, (n_tracks,)."""
        asked = " ".join((*spec.text, *spec.keywords))
        return np.asarray(COPY * self._is_copy * (not _COPY.search(asked)))

    def _named(self, artist: str) -> Floats:
        """1 for tracks of an artist, somewhat less for "X Band" or "Y X", shape (n_tracks,)."""
        near = self.lookup.credited(rf"(?:^|\b){re.escape(artist.casefold())}\b")
        return np.asarray(np.maximum(self.lookup.by([artist]), KIN_NAME * near))

    def _heard(self, spec: PlaylistSpec) -> Floats:
        seeds = Seeds(self._seeds(spec), None if _blank(spec) else spec.vibe)
        more, _, _ = find_seeds(seeds, self.catalogue.ids)
        hearing = hear(self.catalogue.witnesses, more, self.recommender.weights)
        return np.asarray(hearing.parts(np.arange(len(self.catalogue))).sum(axis=1))

    def _seeds(self, spec: PlaylistSpec) -> dict[str, float]:
        """Tracks that stand for the artists of the wish, the best known of each."""
        seeds: dict[str, float] = {}
        for artist in spec.artists_like:
            theirs = self.catalogue.tracks[self.lookup.by([artist])]
            best = theirs.sort_values("popularity", ascending=False, kind="stable")
            seeds |= dict.fromkeys(map(str, best.index[:SEEDS_PER_ARTIST]), 1.0)
        return seeds

    def _chosen(
        self,
        spec: PlaylistSpec,
        known: Iterable[str],
        kept: Ints,
        without: Iterable[str],
        seed: int,
    ) -> tuple[Ints, list[str], list[str], Floats]:
        tracks = self.catalogue.tracks
        owned = tracks.index.isin(list(known))
        allowed = ~tracks.index.isin(list(without))
        for rule in exclusions(spec, self.lookup, owned):
            allowed &= rule.keeps
        scores = self.rank(spec)
        noise = np.random.default_rng(seed).normal(size=len(scores)) if seed else 0.0
        varied = scores + VARIETY * noise * max(float(scores.std()), 1e-9)
        rules, notes = [], []
        for rule in limits(spec, self.lookup):
            if rule.known[allowed].any():
                rules.append(rule)
            else:
                what = rule.name.split()[0]
                notes.append(f"No track here says its {what}, so I left out: {rule.name}.")
        relaxed: list[str] = []
        held = sum((rule.keeps.astype(float) for rule in rules), np.zeros(len(tracks)))
        varied = varied + KEPT * held  # what keeps more rules comes before what keeps fewer
        while True:
            free = _all_keep(rules, allowed)
            rows = self._pick(spec, varied, free, kept, seed)
            if self._enough(spec, rows) or not rules:
                return rows, relaxed, notes, scores
            weaker = self._relaxed(rules, allowed, relaxed)
            if weaker is None:
                return rows, relaxed, notes, scores
            rules = weaker

    def _relaxed(self, rules: list[Rule], allowed: Flags, said: list[str]) -> list[Rule] | None:
        """The rules with the first of them weaker or gone, None where nothing may give way.

        Says so where it lets anything in.
        """
        first, *rest = rules
        weaker = first.wider() if first.wider else None
        if weaker is None and first.core:
            return None
        others = _all_keep(rest, allowed)
        before = int((others & first.keeps).sum())
        after = int((others & weaker.keeps).sum()) if weaker else int(others.sum())
        if after > before:
            became = f"I went on to {weaker.name}" if weaker else "I let it go"
            few = f"only {before:,} tracks fit" if before else "nothing fits"
            said.append(f"{first.name}: {few}, so {became}.")
        return [weaker, *rest] if weaker else rest

    def _enough(self, spec: PlaylistSpec, rows: Ints) -> bool:
        if spec.minutes is not None and spec.n_tracks is None:
            lengths = self.catalogue.tracks["duration_s"].iloc[rows].fillna(MEDIAN_SONG_S)
            return bool(lengths.sum() >= 60 * spec.minutes - MEDIAN_SONG_S)
        return len(rows) >= (spec.n_tracks or 1)

    def _pick(self, spec: PlaylistSpec, scores: Floats, free: Flags, kept: Ints, seed: int) -> Ints:
        """Rows of the best free tracks under the caps; locked ones come first, whatever a cap says.

        Only as many of the best are looked at as the caps need.
        """
        songs, artists = self.catalogue.songs, self.catalogue.artists
        caps = [(songs, 1)]
        caps += [] if spec.per_artist is None else [(artists, spec.per_artist)]
        free = free & ~np.isin(songs.code, songs.code[kept])
        n = spec.n_tracks or len(kept) + max(int(2 * (spec.minutes or 0)), 1)
        size, n_free = 2 * n + 64, int(free.sum())
        while True:
            rows = np.concatenate([kept, best(scores, free, size, seed)])
            locked = np.arange(len(rows)) < len(kept)
            for groups, cap in caps:
                stays = locked | (place_in_group(groups.code[rows]) < cap)
                rows, locked = rows[stays], locked[stays]
            if len(rows) >= n or size >= n_free:
                break
            size *= 4
        rows = rows[:n]
        return rows if spec.minutes is None else self._fitting(rows, 60 * spec.minutes, len(kept))

    def _fitting(self, rows: Ints, seconds: float, n_kept: int) -> Ints:
        """As many of the best as come nearest to a length."""
        lengths = self.catalogue.tracks["duration_s"].iloc[rows].fillna(MEDIAN_SONG_S).to_numpy()
        ends = np.cumsum(lengths)
        n = int(np.searchsorted(ends, seconds))
        if n < len(ends) and abs(ends[n] - seconds) <= abs((ends[n - 1] if n else 0) - seconds):
            n += 1
        return rows[: max(n, n_kept, 1)]


def _reasons(spec: PlaylistSpec, chosen: pd.DataFrame, have: Floats) -> list[str]:
    """One line a track: the rules it meets, in its own figures, the most telling first."""
    sounds = _sounds(spec, have)
    lines = []
    for (_, track), heard in zip(chosen.iterrows(), sounds, strict=True):
        said = [*_meets(spec, track), *heard][:4]
        lines.append("; ".join(said) or "near what you asked for, as far as is known of it")
    return lines


def _meets(spec: PlaylistSpec, track: pd.Series) -> list[str]:
    """The rules a track meets that can be seen in its row."""
    said: list[str] = []
    artists = [] if pd.isna(track["artists"]) else str(track["artists"]).casefold().split(JOIN)
    for name in (*spec.artists_only, *spec.artists_like):
        if name.casefold() in artists:
            said.append(f"by {name}, as you named")
    title = "" if pd.isna(track["name"]) else str(track["name"]).casefold()
    said += [f"“{word}” is in the title" for word in spec.keywords if word in title]
    if spec.genres and not pd.isna(track["genres"]):
        genre = matched_genre(str(track["genres"]).casefold(), spec.genres)
        said += [genre] if genre else []
    if (spec.years != (None, None) or spec.eras) and not pd.isna(track["year"]):
        said.append(f"from {track['year']:.0f}")
    if spec.tempo_bpm != (None, None) and not pd.isna(track["tempo_bpm"]):
        said.append(f"{track['tempo_bpm']:.0f} BPM")
    return said


def _sounds(spec: PlaylistSpec, have: Floats) -> list[list[str]]:
    """What of the wished levels each track has, the clearest wish first, at most two."""
    wanted, weights = np.array(spec.vibe.features), np.array(spec.vibe.weights)
    pull = np.abs(wanted - 0.5) * (weights > 0.2)
    clear = [int(j) for j in np.argsort(-pull, kind="stable") if pull[j] > 0.1]
    clear = [j for j in clear if FEATURES[j].name != "speechiness"]  # too small to be a reason
    out = []
    for row in have:
        shares = [(j, row[j] if wanted[j] > 0.5 else 1 - row[j]) for j in clear]
        said = [
            f"more {FEATURES[j].up if wanted[j] > 0.5 else FEATURES[j].down} than {share:.0%}"
            for j, share in shares
            if share > 0.55
        ][:2]
        out.append([said[0] + " of all music", *said[1:]] if said else [])
    return out


def _all_keep(rules: Iterable[Rule], allowed: Flags) -> Flags:
    """Which of the allowed tracks keep every rule."""
    for rule in rules:
        allowed = allowed & rule.keeps
    return allowed


def _short(spec: PlaylistSpec, chosen: pd.DataFrame) -> list[str]:
    if not len(chosen):
        if spec.artists_only:
            names = " or ".join(spec.artists_only)
            return [f"No track here is by {names}; nothing was put in its place."]
        return ["No track here matches; nothing was put in its place."]
    if spec.n_tracks is not None and spec.minutes is None and len(chosen) < spec.n_tracks:
        return [f"You asked for {spec.n_tracks:,}; {len(chosen):,} fit."]
    return []


def _standard(scores: Floats) -> Floats:
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-9))


def _blank(spec: PlaylistSpec) -> bool:
    return not any(spec.vibe.weights) and not spec.vibe.words


def _speaks(spec: PlaylistSpec) -> bool:
    """Whether the recommender has anything to go by."""
    return bool(spec.artists_like) or not _blank(spec)


def find(
    spec: PlaylistSpec,
    tracks: Finder | Recommender | Catalogue | pd.DataFrame,
    known: Iterable[str] = (),
    locked: Sequence[str] = (),
    without: Iterable[str] = (),
    seed: int = 0,
) -> Found:
    """The playlist of a wish, from a track table or anything made of one; see `Finder.find`."""
    finder = tracks if isinstance(tracks, Finder) else Finder(tracks)
    return finder.find(spec, known, locked, without, seed)
