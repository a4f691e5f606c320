"""The curator: a sentence to a playlist, the same for page, terminal and benchmark.

What a door asks twice costs nothing the second time: wishes are remembered by what was said, lists
by specification, titles by their vectors. `Calls` counts what was really worked out.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd

from music.playlist import PlaylistSpec

if TYPE_CHECKING:
    from llm.playlist import Wish
    from llm.playlist_artists import Gazetteer
    from llm.playlist_open import Choose
    from recommender.playlist import Finder, Found, Meaning

T = TypeVar("T")
REMEMBERED: Final = 256


@dataclass
class Calls:
    """What was worked out since the start: nothing that was remembered counts."""

    parses: int = 0
    models: int = 0
    finds: int = 0
    searches: int = 0


class Curator:
    """Answers wishes for playlists over one catalogue.

    Parameters
    ----------
    finder
        Finds tracks.
    artists
        The artists a sentence may name.
    owned
        Ids of the tracks the listener has.
    choose
        Asked about what rules and lexicon leave open, see `llm.playlist_open`; None = nobody.
    today
        What "the last five years" counts from; None = the system's date.
    """

    def __init__(
        self,
        finder: Finder,
        artists: Gazetteer,
        owned: Iterable[str] = (),
        choose: Choose | None = None,
        today: date | None = None,
    ) -> None:
        self.finder, self.artists, self.choose = finder, artists, choose
        self.owned = frozenset(owned)
        self.calls = Calls()
        self._today = today
        self._kept = _Memory(REMEMBERED)
        self._wider: tuple[Hashable, Finder] | None = None

    @property
    def meaning(self) -> Meaning | None:
        """What knows the titles; None until it has read them."""
        return self.finder.meaning

    def learn(self, meaning: Meaning) -> None:
        """Rank with what titles mean from now on; lists found without it are forgotten."""
        self.finder.meaning = meaning
        self._kept.clear()

    def wish(self, sentence: str) -> Wish:
        """A sentence, understood.

        Raises
        ------
        InputError
            If there is no text, or too much.
        """
        from llm.playlist import playlist_from_text

        def work() -> Wish:
            self.calls.parses += 1
            return playlist_from_text(sentence, self.artists, self._today, choose=self._counted())

        return self._kept.get(("wish", sentence, self._day()), work)

    def refine(self, wish: Wish, sentence: str) -> Wish:
        """The wish after one more sentence; see `llm.playlist_follow.refine`."""
        from llm.playlist_follow import refine

        def work() -> Wish:
            self.calls.parses += 1
            return refine(wish, sentence, self.artists, self._today, choose=self._counted())

        return self._kept.get(("refine", wish, sentence, self._day()), work)

    def conversation(self, sentences: Sequence[str]) -> Wish:
        """A first sentence and the follow-ups to it."""
        wish = self.wish(sentences[0])
        for more in sentences[1:]:
            wish = self.refine(wish, more)
        return wish

    def find(
        self,
        spec: PlaylistSpec,
        locked: Sequence[str] = (),
        without: Iterable[str] = (),
        seed: int = 0,
        beside: pd.DataFrame | None = None,
    ) -> Found:
        """The playlist of a specification.

        Parameters
        ----------
        locked, without, seed
            As in `recommender.playlist.Finder.find`.
        beside
            More tracks to choose from: what a catalogue or a search offered.
        """
        gone = tuple(sorted(without))
        more = () if beside is None else tuple(beside.index)
        key = ("find", spec, tuple(locked), gone, seed, more)

        def work() -> Found:
            self.calls.finds += 1
            finder = self.finder if beside is None else self._with(beside, more)
            there = [i for i in locked if i in finder.catalogue.ids]
            found = finder.find(spec, self.owned, there, gone, seed)
            n_away = len(locked) - len(there)
            if not n_away:
                return found
            note = f"{n_away} locked tracks are not among the tracks to choose from now."
            return replace(found, notes=(*found.notes, note))

        return self._kept.get(key, work)

    def _with(self, beside: pd.DataFrame, key: Hashable) -> Finder:
        """A finder over the catalogue and more tracks; the last one is kept."""
        from recommender.playlist import Finder

        if self._wider is None or self._wider[0] != key:
            own = self.finder.catalogue.tracks
            new = beside[~beside.index.isin(own.index)]
            # what nobody has read ranks by its words and rules alone
            self._wider = (key, Finder(pd.concat([own, new])) if len(new) else self.finder)
        return self._wider[1]

    def _counted(self) -> Choose | None:
        if self.choose is None:
            return None
        choose = self.choose

        def counted(*args: Any) -> Any:
            self.calls.models += 1
            return choose(*args)

        return counted

    def _day(self) -> date:
        return self._today or date.today()


@dataclass
class _Memory:
    """The last answers by what was asked; two who ask at once wait for one answer."""

    size: int
    _kept: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def get(self, key: Hashable, work: Callable[[], T]) -> T:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
            made = work()
            self._kept[key] = made
            while len(self._kept) > self.size:
                self._kept.popitem(last=False)
            return made

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


def curator_of(
    tracks: pd.DataFrame, owned: Iterable[str] = (), today: date | None = None
) -> Curator:
    """A curator over a track table, without meaning yet."""
    from llm.playlist_artists import Gazetteer
    from music.tracks import split
    from recommender.playlist import Finder

    names = split(tracks["artists"]).explode().dropna().value_counts().index
    return Curator(Finder(tracks), Gazetteer(names), owned, today=today)


def for_all(spec: PlaylistSpec) -> PlaylistSpec:
    """The specification for a catalogue that is nobody's: "new" and "known" mean nothing there."""
    return replace(spec, known=None)
