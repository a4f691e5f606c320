"""A listener: one library and everything known about it, worked out once, when needed."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from music.errors import NotFoundError
from music.profile import TasteProfile, taste_profile
from music.tracks import Library, primary_artist, split

if TYPE_CHECKING:
    from llm.playlist_artists import Gazetteer
    from recommender.facets import Facet
    from recommender.map import TasteMap
    from recommender.playlist import Finder
    from recommender.recommend import Recommender
    from recommender.regions import Region
    from studio.curator import Curator


class Listener:
    """A library with its facts, facets, recommender and map.

    Parameters
    ----------
    library
        What the listener owns.
    key
        Tells listeners apart in caches and jobs; ``"demo"`` for the invented one.
    owner
        Whose it is, where what the recommender learns shall be remembered; "" for nobody.

    Attributes
    ----------
    lesson
        Why what was learned before is not in use, for people; "" where there is nothing to say.
    """

    def __init__(self, library: Library, key: str, owner: str = "") -> None:
        self.library = library
        self.key = key
        self.owner = owner
        self.lesson = ""
        self._regions: dict[str, list[Region]] = {}
        self.lock = threading.Lock()  # fits are not done twice when two pages ask at once

    @cached_property
    def profile(self) -> TasteProfile:
        """The facts a roast may use."""
        return taste_profile(self.library)

    @cached_property
    def facets(self) -> list[Facet]:
        """The three to six vibes of the library; empty if it is."""
        from recommender.facets import facets

        return facets(self.library.tracks, seed=0) if len(self.library) else []

    @cached_property
    def recommender(self) -> Recommender:
        """The recommender over this library's tracks, with what it learned before."""
        from recommender.recommend import Recommender
        from studio.taught import recalled

        found, self.lesson = recalled(self, Recommender(self.library.tracks))
        return found

    def use(self, recommender: Recommender) -> None:
        """Recommend with this one from now on."""
        self.lesson = ""
        for made_of_it in ("finder", "curator"):
            self.__dict__.pop(made_of_it, None)
        self.__dict__["recommender"] = recommender

    @cached_property
    def finder(self) -> Finder:
        """Finds playlists among this library's tracks.

        Raises
        ------
        NotFoundError
            If there are no tracks.
        """
        from recommender.playlist import Finder

        if not len(self.library):
            raise NotFoundError("There are no tracks to choose from; import a library first.")
        return Finder(self.recommender)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The artists of the library as words a sentence may name, the most owned first."""
        from llm.playlist_artists import Gazetteer

        return Gazetteer(primary_artist(self.library.tracks).dropna().value_counts().index)

    @cached_property
    def curator(self) -> Curator:
        """Turns sentences into playlists of this library; see `studio.playlists`."""
        from llm.playlist_open import chooser
        from studio.curator import Curator
        from studio.settings import settings

        choose = chooser(settings().backend)
        return Curator(self.finder, self.gazetteer, self.library.tracks.index, choose)

    @cached_property
    def quick_map(self) -> TasteMap:
        """The map at once (PCA); the good one is a job."""
        from recommender.map import map_points

        return map_points(self.library.tracks, seed=0, method="pca")

    @cached_property
    def genres(self) -> frozenset[str]:
        """What the tracks of the library call themselves."""
        return frozenset(split(self.library.tracks["genres"]).explode().dropna())

    def regions(self, shown: TasteMap) -> list[Region]:
        """The regions of a map of this library, with names; worked out once a map."""
        from recommender.regions import regions

        if shown.method not in self._regions:
            self._regions[shown.method] = regions(self.library.tracks, shown.frame)
        return self._regions[shown.method]

    @cached_property
    def artists(self) -> frozenset[str]:
        """Every artist in the library, so that no invented band takes a real name."""
        return frozenset(split(self.library.tracks["artists"]).explode().dropna())

    @cached_property
    def figures(self) -> dict[str, int]:
        """The library in numbers: tracks, artists, playlists, plays, minutes."""
        tracks = self.library.tracks
        return {
            "tracks": len(tracks),
            "artists": int(primary_artist(tracks).nunique()),
            "playlists": len(self.library.playlists),
            "plays": int((self.library.plays["played_s"] >= 30).sum()),
            "minutes": int(tracks["duration_s"].sum() / 60),
        }

    @cached_property
    def n_estimable(self) -> int:
        """How many tracks have no features of their own, but could have estimated ones."""
        from studio.lookups import can_be_estimated

        return can_be_estimated(self.library)

    @cached_property
    def uncertainty(self) -> pd.DataFrame:
        """Standard deviation of each estimate in percentiles; see `studio.lookups.uncertainty`."""
        from studio.lookups import uncertainty

        return uncertainty(self.library)

    def playlists(self) -> pd.DataFrame:
        """The playlists with at least one known track, biggest first, with ``n_tracks``."""
        entries = self.library.entries
        known = entries[entries["track_id"].isin(self.library.tracks.index)]
        sizes = known.groupby("playlist_id").size().rename("n_tracks")
        joined = self.library.playlists.join(sizes, on="playlist_id", how="inner")
        return joined.sort_values(["n_tracks", "name"], ascending=[False, True])
