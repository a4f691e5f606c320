"""The numbered facts a roast may use: what is unusual about a library, each with its rows.

A kind of fact is one function registered with `@fact_kind`; it looks at the evidence once and
returns the facts it finds, or none. Nothing here jokes: a fact is a plain, checkable sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from music.errors import NotFoundError
from music.evidence import Evidence
from music.tracks import Library


@dataclass(frozen=True)
class Fact:
    """One checkable thing about a library.

    Parameters
    ----------
    kind
        Its kind, a key of `FACT_KINDS`: ``"one_song"``.
    sentence
        The fact in plain words with its numbers: ``"You played X 212 times."``
    values
        What a joke may quote, by placeholder name and already formatted: ``{"track": "X",
        "n": "212"}``.
    rows
        Track ids behind it (the evidence).
    unusual
        How unusual it is against the reference population, in [0, 1]; 1 = nobody does that.
    number
        The figure behind it, for sorting and tests.
    """

    kind: str
    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    unusual: float = 0.5
    number: float = 0.0


FactFinder = Callable[[Evidence], Iterable[Fact]]
FACT_KINDS: dict[str, FactFinder] = {}


def fact_kind(name: str) -> Callable[[FactFinder], FactFinder]:
    """Register a function that finds facts of one kind."""

    def register(finder: FactFinder) -> FactFinder:
        FACT_KINDS[name] = finder
        return finder

    return register


@dataclass(frozen=True)
class Tally:
    """How often something occurs: ``Tally("The Damp", 41, "plays")``."""

    name: str
    n: int
    of: str


@dataclass(frozen=True)
class TasteProfile:
    """The facts of one library, most unusual first.

    Parameters
    ----------
    facts
        Most unusual first.
    n_tracks, name, invented
        How many tracks, of whom, and whether the listener is made up.
    basic
        How well known its tracks are, in percent, with the rule in a sentence; None where nothing
        is known of it.
    scope
        What it is about: ``"library"``, ``"playlist"`` or ``"track"``.
    too_much
        Up to three tracks played far more than the others; see `music.facts.overplayed`.
    stanned
        Up to three artists with a large share of the plays, or of the tracks where plays are few.
    """

    facts: tuple[Fact, ...]
    n_tracks: int
    name: str
    invented: bool = False
    basic: tuple[int | None, str] = (None, "")
    scope: str = "library"
    too_much: tuple[Tally, ...] = ()
    stanned: tuple[Tally, ...] = ()

    def of_kind(self, kind: str) -> tuple[Fact, ...]:
        """All facts of one kind."""
        return tuple(fact for fact in self.facts if fact.kind == kind)


def taste_profile(library: Library) -> TasteProfile:
    """Everything worth saying about a library, most unusual first."""
    # Imported here, since they import this file; with them the kinds register.
    from music.facts.overplayed import stanned, too_much

    evidence = Evidence(library)
    facts = [fact for finder in FACT_KINDS.values() for fact in finder(evidence)]
    facts.sort(key=lambda fact: (-fact.unusual, fact.kind, fact.sentence))
    return TasteProfile(
        tuple(facts), len(library.tracks), library.name, library.invented, _basic(library),
        too_much=too_much(evidence), stanned=stanned(evidence),
    )  # fmt: skip


# Kinds that say something about any handful of tracks; the others are about a listener.
_OF_ANY_TRACKS = frozenset((
    "sad", "happy", "fast", "slow", "loud", "gentle", "acoustic", "wordless", "minor", "major",
    "short", "long", "explicit", "same_tempo", "live_versions", "remasters", "remixes",
    "long_title", "shouting", "love_titles", "hurt_titles", "questions", "famous",
))  # fmt: skip


def playlist_profile(library: Library, playlist_id: str) -> TasteProfile:
    """What is worth saying about one playlist.

    What its tracks add up to is said of them alone; of the whole library's facts those stay that
    are about this playlist or about nothing but tracks of it.

    Raises
    ------
    NotFoundError
        If the library has no such playlist.
    """
    from music.facts.one_list import LIST_KINDS

    named = library.playlists[library.playlists["playlist_id"] == playlist_id]
    if named.empty:
        raise NotFoundError(f"there is no playlist {playlist_id!r} in {library.name}.")
    name = named["name"].iloc[0]
    title = name if isinstance(name, str) else "a playlist"
    on_it = library.entries.loc[library.entries["playlist_id"] == playlist_id, "track_id"]
    own = taste_profile(Library(library.only(on_it).tracks, name=title, invented=library.invented))
    inside = set(on_it)
    about = tuple(
        fact
        for fact in taste_profile(library).facts
        if fact.values.get("playlist", title) == title
        and ("playlist" in fact.values or (fact.rows and inside.issuperset(fact.rows)))
    )
    told = {fact.kind for fact in about}
    order = library.entries[library.entries["playlist_id"] == playlist_id].sort_values("position")
    rows = [one for one in order["track_id"] if one in library.tracks.index]
    ends = [fact for find in LIST_KINDS.values() for fact in find(library.tracks.loc[rows])]
    of_its_tracks = (f for f in own.facts if f.kind in _OF_ANY_TRACKS and f.kind not in told)
    scoped = tuple(
        replace(fact, sentence=f"In “{title}”: {fact.sentence}") for fact in (*of_its_tracks, *ends)
    )
    facts = sorted((*about, *scoped), key=lambda fact: (-fact.unusual, fact.kind))
    return replace(own, facts=tuple(facts), scope="playlist")


def track_profile(library: Library, track_id: str) -> TasteProfile:
    """What is worth saying about one track: where it stands among the others, never nothing.

    Raises
    ------
    NotFoundError
        If the library has no such track.
    """
    from music.facts.single import TRACK_KINDS

    if track_id not in library.tracks.index:
        raise NotFoundError(f"there is no track {track_id!r} in {library.name}.")
    evidence = Evidence(library)
    row = library.tracks.index.tolist().index(track_id)
    facts = [fact for finder in TRACK_KINDS.values() for fact in finder(evidence, row)]
    facts.sort(key=lambda fact: (-fact.unusual, fact.kind))
    title = library.tracks["name"].iloc[row]
    name = title if isinstance(title, str) else "a track"
    return TasteProfile(tuple(facts), 1, name, library.invented, scope="track")


def _basic(library: Library) -> tuple[int | None, str]:
    popularity = library.tracks["popularity"].dropna()
    if len(popularity) < 10:
        return None, ""
    rule = f"The mean popularity, 0 to 100, of the {len(popularity):,} tracks that have one."
    return round(float(popularity.mean())), rule
