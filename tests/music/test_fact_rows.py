"""A fact is true of its rows: whoever counts again what it counts finds the same."""

from __future__ import annotations

import gzip
import io
import os
import re
from pathlib import Path

import pytest

from library.demo import demo_library
from library.importing import read_any
from music.facts.common import MOST_ROWS
from music.profile import playlist_profile, taste_profile
from music.tracks import Library, primary_artist, split

# What each of these kinds counts, asked of the tracks anew.
COUNTED = {
    "owned_artist": lambda t, f: primary_artist(t) == f.values["artist"],
    "one_genre": lambda t, f: has_genre(t, f.values["genre"]),
    "guilty_genre": lambda t, f: has_genre(t, f.values["genre"]),
    "album_whole": lambda t, f: (
        (t["album"] == f.values["album"]) & (primary_artist(t) == f.values["artist"])
    ),
    "love_titles": lambda t, f: t["name"].fillna("").str.contains(r"\blove\b", case=False),
    "questions": lambda t, f: t["name"].fillna("").str.strip().str.endswith("?"),
    "sad": lambda t, f: t["valence"].between(0, 0.3),
    "happy": lambda t, f: t["valence"].between(0.7, 1),
    "loud": lambda t, f: t["energy"].between(0.85, 1),
    "fast": lambda t, f: t["tempo_bpm"].between(150, 300),
    "minor": lambda t, f: t["mode"] == 0,
    "short": lambda t, f: t["duration_s"].between(30, 150),
    "explicit": lambda t, f: t["explicit"].fillna(False).astype(bool),
    "obscure": lambda t, f: t["popularity"] < 15,
    "remasters": lambda t, f: t["name"].fillna("").str.contains(r"\bremaster(?:ed)?\b", case=False),
}


def has_genre(tracks, genre):
    return split(tracks["genres"]).map(lambda own: isinstance(own, list) and genre in own)


def libraries() -> list[Library]:
    found = [demo_library()]
    folder = os.environ.get("GHOSTNOTES_DATA")
    for path in sorted(Path(folder).glob("exportify_*.csv.gz")) if folder else []:
        file = io.BytesIO(gzip.decompress(path.read_bytes()))
        file.name = path.stem
        found.append(read_any(file)[0])
    return found


LIBRARIES = libraries()
FACTS = [taste_profile(library).facts for library in LIBRARIES]
EACH = pytest.mark.parametrize(
    ("library", "facts"), list(zip(LIBRARIES, FACTS, strict=True)), ids=[x.name for x in LIBRARIES]
)


@EACH
def test_what_a_fact_counts_can_be_counted_again(library, facts):
    for fact in facts:
        if fact.kind in COUNTED:
            inside = COUNTED[fact.kind](library.tracks, fact).fillna(False).astype(bool)
            n = int(inside.sum())
            assert fact.values["n"] == f"{n:,}", fact.sentence
            assert len(fact.rows) == min(n, MOST_ROWS), fact.sentence
            assert set(fact.rows) <= set(library.tracks.index[inside])


@EACH
def test_every_fact_has_rows_a_sentence_with_its_numbers_and_is_no_commonplace(library, facts):
    for fact in facts:
        assert fact.rows, fact.kind
        assert set(fact.rows) <= set(library.tracks.index)
        assert 0.3 <= fact.unusual <= 1, fact.sentence
        numbers = set(re.findall(r"\d[\d,]*", " ".join(fact.values.values())))
        assert numbers & set(re.findall(r"\d[\d,]*", fact.sentence)) or not numbers, fact.sentence


def test_a_playlist_is_told_nothing_that_is_about_another():
    library = demo_library()
    for row in library.playlists.itertuples():
        for fact in playlist_profile(library, row.playlist_id).facts:
            assert fact.values.get("playlist", row.name) == row.name, fact.sentence


def test_a_whole_library_in_one_file_is_no_playlist_that_grew_too_long():
    library = demo_library()
    tracks = library.tracks
    own = library.entries.iloc[[0] * len(tracks)].assign(
        track_id=tracks.index.to_numpy(), position=range(len(tracks))
    )
    playlist = library.playlists[library.playlists["playlist_id"] == own["playlist_id"].iloc[0]]
    one_file = Library(tracks, playlist, own, name="all of it")
    assert "biggest_playlist" not in {fact.kind for fact in taste_profile(one_file).facts}
    half = Library(tracks, playlist, own.head(len(tracks) // 2), name="half of it")
    assert "biggest_playlist" in {fact.kind for fact in taste_profile(half).facts}


def test_no_genre_of_a_people_or_a_faith_is_held_up_as_odd():
    told = [f for facts in FACTS for f in facts if f.kind in ("many_genres", "guilty_genre")]
    assert told
    for fact in told:
        assert not re.search(r"christian|gospel|native|jewish|ish\b", fact.values["genre"])
