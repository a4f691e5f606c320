"""Where a recommendation starts: what is in hand, a playlist, a side of you, some tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from library.catalogue_index import CatalogueIndex
from pages.parts import state
from pages.parts.plain import plain, visible
from recommender.seeds import Seeds
from recommender.taste import taste_of
from studio import catalogues
from studio.listener import Listener
from studio.sentences import sought

HAND: Final = "What is in hand"
FACET: Final = "A side of you"
PLAYLIST: Final = "A playlist"
TRACKS: Final = "Some tracks"
SENTENCE: Final = "A sentence"
ALWAYS: Final = "You, all time"
LATELY: Final = "You, lately"


@dataclass(frozen=True)
class Picked:
    """Seeds and what to call them (text from outside)."""

    seeds: Seeds
    name: str


def draw(who: Listener) -> Picked | None:
    """The picker; None while nothing is picked."""
    in_hand = state.vibe_in_hand()
    ways = [HAND] * (in_hand is not None) + [FACET, PLAYLIST, TRACKS, SENTENCE, ALWAYS]
    ways += [LATELY] * bool(len(who.library.plays))
    way = st.segmented_control("Start from", ways, default=ways[0], required=True)
    if way == HAND and in_hand is not None:
        st.caption(f"In hand: {plain(in_hand.origin or 'a vibe')}")
        return Picked(Seeds(vibe=in_hand), in_hand.origin or "a vibe")
    if way == FACET:
        return _facet(who)
    if way == PLAYLIST:
        return _playlist(who)
    if way in (ALWAYS, LATELY):
        return _listener(who, way)
    return _tracks(who) if way == TRACKS else _sentence(who)


def source() -> CatalogueIndex | None:
    """Where tracks come from: the listener's own library (None), or a catalogue they hold."""
    held = catalogues.held()
    if not held:
        st.caption(
            "These are tracks you own. Import a table of audio features on the Library page, and "
            "new ones can come from it."
        )
        return None
    names = ["My library", *(f"{visible(i.name, 50)} ({i.n_rows:,} tracks)" for i in held)]
    at = st.selectbox("Tracks from", range(len(names)), format_func=names.__getitem__)
    return held[at - 1] if at else None


def _listener(who: Listener, way: str) -> Picked | None:
    """The listener themselves, less the playlists that are not about them."""
    playlists = who.playlists()
    names = dict(zip(playlists["playlist_id"], playlists["name"].fillna("?"), strict=True))
    without = st.multiselect(
        "Playlists that say nothing about you", list(names), format_func=lambda i: visible(names[i])
    )
    with state.friendly_errors():
        return Picked(taste_of(who.library, lately=way == LATELY, without=without), way.casefold())
    return None


def _facet(who: Listener) -> Picked | None:
    if not who.facets:
        st.info("This library is too small to have sides; pick some tracks.")
        return None
    names = [facet.name for facet in who.facets]
    at = st.selectbox("Side", range(len(names)), format_func=lambda i: visible(names[i]))
    return Picked(Seeds(vibe=who.facets[at].vibe), names[at])


def _playlist(who: Listener) -> Picked | None:
    playlists = who.playlists()
    if playlists.empty:
        st.info("There is no playlist in this library; pick some tracks.")
        return None
    names = dict(zip(playlists["playlist_id"], playlists["name"].fillna("?"), strict=True))
    chosen = st.selectbox("Playlist", list(names), format_func=lambda i: visible(names[i]))
    ids = who.library.playlist(chosen).index
    return Picked(Seeds(dict.fromkeys(ids, 1.0)), names[chosen])


def _tracks(who: Listener) -> Picked | None:
    tracks = who.library.tracks
    labels = (tracks["name"].fillna("?") + " - " + tracks["artists"].fillna("?")).to_dict()
    name = labels.__getitem__
    more = st.multiselect("More like", list(labels), format_func=name, max_selections=50)
    less = st.multiselect("Less like", list(labels), format_func=name, max_selections=50)
    if not more:
        st.info("Pick at least one track to start from.")
        return None
    weights = dict.fromkeys(more, 1.0) | dict.fromkeys(less, -1.0)
    if len(weights) > 1:
        with st.expander("How much each counts", icon=":material/balance:"):
            for track_id, sign in weights.items():
                label = f"{'More' if sign > 0 else 'Less'} like {plain(labels[track_id], 60)}"
                much = st.slider(label, 0.1, 3.0, 1.0, 0.1, key=f"alchemy-{track_id}")
                weights[track_id] = sign * much
    return Picked(Seeds(weights), f"{labels[more[0]]}" + (" and others" if len(more) > 1 else ""))


def _sentence(who: Listener) -> Picked | None:
    text = st.text_input("Sentence", placeholder="a rainy night in Cairo", max_chars=500)
    if not text.strip():
        st.info("Say what it should feel like.")
        return None
    with state.friendly_errors():
        return Picked(Seeds(vibe=sought(text, who.genres)), text)
    return None
