"""Two libraries become one: each recording once, nothing lost, and twice is once."""

import functools
import itertools
import os

import numpy as np
import pandas as pd
import pytest

from library import exportify
from library.demo import demo_library
from library.importing import read_any
from library.matching import song_key
from library.merging import merge, same_recordings, united, united_plays
from library.store_frames import FRAMES
from music.tracks import (
    ENTRY_COLUMNS,
    PLAY_COLUMNS,
    PLAYLIST_COLUMNS,
    Library,
    as_tracks,
    typed_rows,
)
from tests.library.files import csv_bytes, row, track_id
from tests.library.formats import FORMATS

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"


def tracks(*rows):
    return as_tracks(pd.DataFrame(rows), "test")


def song(track_id, **given):
    return {"track_id": track_id, "name": "Love", "artists": "The Damp", **given}


def read(rows, name="mine.csv"):
    return exportify.read(csv_bytes(rows), name)[0]


def same(a, b):
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(a, name), getattr(b, name))


def test_twice_is_once():
    library = demo_library(0)
    same(merge(library, library), library)
    ours = read([row(1), row(2), row(1)])
    same(merge(ours, ours), ours)


@pytest.mark.parametrize("name", FORMATS)
def test_importing_a_file_of_any_kind_twice_is_importing_it_once(name):
    once = merge(Library(), read_any(FORMATS[name])[0])
    same(merge(once, read_any(FORMATS[name])[0]), once)


def test_the_order_of_imports_changes_no_track_and_no_play():
    files = [FORMATS[name] for name in ("exportify new", "your library", "account history")]
    forth, back = Library(), Library()
    for data in files:
        forth = merge(forth, read_any(data)[0])
    for data in reversed(files):
        back = merge(back, read_any(data)[0])
    assert set(forth.tracks.index) == set(back.tracks.index)
    pd.testing.assert_frame_equal(forth.plays, back.plays)


def test_gaps_are_filled_and_the_older_value_stays():
    old = read([row(1, Genres="", **{"Album Name": "First"})])
    new = read([row(1, Genres="dub", **{"Album Name": "Second"})])
    both = merge(old, new).tracks.loc[track_id(1)]
    assert (both["genres"], both["album"]) == ("dub", "First")


def test_the_same_isrc_is_the_same_recording():
    old = read([row(1, **{"Track Name": "A"})])
    old = Library(tracks=old.tracks.assign(isrc="XX1"), entries=old.entries)
    new = tracks(song("b" * 22, isrc="xx1"))
    assert len(merge(old, Library(tracks=new))) == 1


def test_a_made_up_id_gives_way_to_a_real_one():
    made_up = Library(tracks=tracks(song("local:1")))
    real = Library(tracks=tracks(song("c" * 22, duration_s=200)))
    for a, b in ((made_up, real), (real, made_up)):
        assert merge(a, b).tracks.index.tolist() == ["c" * 22]


def test_a_near_spelling_is_merged_and_told():
    long = {"name": "The Weather in Hull"}
    old = Library(tracks=tracks(song("c" * 22, **long)))
    near = Library(tracks=tracks(song("local:1", name="The Weathr in Hull")))
    both, notes = united(old, near)
    assert both.tracks.index.tolist() == ["c" * 22]
    assert notes == ("The Damp - The Weathr in Hull was taken for The Damp - The Weather in Hull",)
    for other in ("The Weather in Hull 2", "The Weather in Hull - Live", "The Leather in Hull"):
        apart = Library(tracks=tracks(song("d" * 22, name=other)))
        assert len(merge(old, apart)) == 2
    same_distance = Library(tracks=tracks(song("a" * 22, name="The Weathes in Hull"),
                                          song("b" * 22, name="The Weathet in Hull")))  # fmt: skip
    unclear = Library(tracks=tracks(song("local:1", name="The Weathem in Hull")))
    assert len(merge(same_distance, unclear)) == 3


def test_two_real_ids_with_one_title_stay_two_tracks():
    a, b = tracks(song("c" * 22)), tracks(song("d" * 22))
    assert len(merge(Library(tracks=a), Library(tracks=b))) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Love - Live"},
        {"duration_s": 260.0},
        {"artists": "The Dump"},
        {"isrc": "XX0000000002"},
        {"name": "Lowe", "isrc": "XX0000000002"},
    ],
)
def test_another_recording_is_never_merged(other):
    a = tracks(song("c" * 22, duration_s=200.0, isrc="XX0000000001"))
    b = tracks({**song("local:1", duration_s=200.0), **other})
    for one, two in ((a, b), (b, a)):
        both, notes = united(Library(tracks=one), Library(tracks=two))
        assert (len(both), notes) == (2, ())


def test_an_isrc_says_more_than_a_name():
    old = tracks(song("c" * 22), song("d" * 22, name="Love - Remastered", isrc="XX0000000001"))
    new = tracks(song("local:1", isrc="XX0000000001"))
    both = merge(Library(tracks=old), Library(tracks=new)).tracks
    assert both.index.tolist() == ["c" * 22, "d" * 22]
    assert both["isrc"].isna().tolist() == [True, False]


def test_of_several_recordings_the_one_that_fits_is_taken():
    old = tracks(song("c" * 22, duration_s=200.0), song("d" * 22, duration_s=260.0))
    plays = pd.DataFrame({"track_id": ["local:1"], "at": [pd.Timestamp("2026-01-01", tz="UTC")]})
    new = Library(tracks=tracks(song("local:1", duration_s=261.0)),
                  plays=typed_rows(plays, PLAY_COLUMNS))  # fmt: skip
    both, notes = united(Library(tracks=old), new)
    assert both.plays["track_id"].tolist() == ["d" * 22]
    assert notes == ()


def test_a_choice_between_recordings_is_told():
    old = tracks(song("c" * 22, duration_s=200.0), song("d" * 22, duration_s=260.0))
    both, notes = united(Library(tracks=old), Library(tracks=tracks(song("local:1"))))
    assert both.tracks.index.tolist() == ["c" * 22, "d" * 22]
    assert notes == ("1 title without an id fit more than one recording; the first was taken.",)


WORDS = ("Rain", "Harbour", "Sunday", "Radiator", "Ferry", "Lantern", "Gravel", "Kettle")
TITLES = [f"{word}{version}" for word in WORDS for version in ("", " - Live", "r")]
KINDS = list(itertools.product(("a", "local:a"), (None, "1", "2"), (None, 200.0, 260.0)))


def a_library(rng, most_tellings=1):
    """Some titles, each told in one or several of many ways, saved and played."""
    rows = []
    for t in rng.choice(len(TITLES), rng.integers(1, len(TITLES)), replace=False):
        tellings = rng.integers(1, most_tellings, endpoint=True)
        for k in rng.choice(len(KINDS), tellings, replace=False):
            id_, isrc, length = KINDS[k]
            isrc = isrc and f"{TITLES[t]} {isrc}"
            rows.append(
                {"track_id": f"{id_}{t:02d}{k:02d}", "name": TITLES[t], "artists": "The Damp",
                 "isrc": isrc, "duration_s": length}
            )  # fmt: skip
    table = tracks(*rows)
    ids, n = table.index.tolist(), len(table)
    at = pd.to_datetime(rng.integers(1.6e9, 1.7e9, n), unit="s", utc=True)
    plays = typed_rows(pd.DataFrame({"track_id": ids, "at": at, "played_s": 60.0}), PLAY_COLUMNS)
    entries = pd.DataFrame({"playlist_id": "liked", "position": range(n), "track_id": ids})
    playlists = pd.DataFrame({"playlist_id": ["liked"], "name": ["Liked songs"], "origin": "x"})
    return Library(table, typed_rows(playlists, PLAYLIST_COLUMNS),
                   typed_rows(entries, ENTRY_COLUMNS), plays)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_merged(seed):
    rng = np.random.default_rng(seed)
    a, b = a_library(rng), a_library(rng)
    both, notes = united(a, b)
    alias, told = same_recordings(a, b)
    assert notes == told
    # twice is once
    same(merge(both, b), both)
    same(merge(both, both), both)
    # nothing is lost, and everything belongs to a track that is there
    moved = {id_: alias.get(id_, id_) for id_ in (*a.tracks.index, *b.tracks.index)}
    assert set(both.tracks.index) == set(moved.values())
    assert set(both.entries["track_id"]) == set(moved.values())
    assert len(both.plays) == len(pd.concat([a.plays, b.plays]).drop_duplicates())
    # different recordings are never one, unless a note says so
    every = pd.concat([a.tracks, b.tracks]).reset_index().drop_duplicates("track_id")
    every = every.set_index("track_id")
    for goes, stays in alias.items():
        one, two = every.loc[goes], every.loc[stays]
        by_isrc = one["isrc"] == two["isrc"]
        assert by_isrc or "local:" in goes
        assert by_isrc or not (pd.notna(one["isrc"]) and pd.notna(two["isrc"]))
        assert by_isrc or not abs(one["duration_s"] - two["duration_s"]) > 2
        spelled = song_key(one["name"], one["artists"]) == song_key(two["name"], two["artists"])
        assert by_isrc or spelled or any("was taken for" in note for note in notes)


@pytest.mark.parametrize("seed", range(400 if PROOF else 40))
def test_whatever_tells_a_song_in_many_ways_twice_is_once(seed):
    """Half a dozen ids, lengths and codes for every title in each of four sources."""
    rng = np.random.default_rng(seed)
    sources = [a_library(rng, 6) for _ in range(4)]
    all_ = functools.reduce(merge, sources)
    for source in (*rng.permutation(np.array(sources, dtype=object)), all_):
        same(merge(all_, source), all_)


def test_a_telling_ends_where_it_ended_whatever_came_between():
    plain, long = (Library(tracks=tracks(song("local:1", duration_s=s))) for s in (200.0, 260.0))
    first, second = Library(tracks=tracks(song("c" * 22, duration_s=200.0))), Library(
        tracks=tracks(song("d" * 22, duration_s=260.0))
    )  # fmt: skip
    both = functools.reduce(merge, [plain, first, second, long])
    assert both.tracks.index.tolist() == ["c" * 22, "d" * 22]
    for again in (long, plain, second, first, long):
        same(merge(both, again), both)
    assert dict(zip(both.aliases["duration_s"], both.aliases["same_as"], strict=True)) == {
        200.0: "c" * 22, 260.0: "d" * 22,
    }  # fmt: skip


def test_the_better_source_of_a_feature_wins():
    estimate = as_tracks(pd.DataFrame([song("c" * 22, energy=0.1, valence=0.2)]), "x", "e")
    own = as_tracks(pd.DataFrame([song("c" * 22, energy=0.9)]), "x", "o")
    both = merge(Library(tracks=estimate), Library(tracks=own)).tracks.iloc[0]
    assert (both["energy"], both["valence"]) == (0.9, 0.2)
    assert both["provenance"] == "-o-----e-"


def test_a_playlist_that_comes_again_is_its_newer_self():
    old, new = read([row(1), row(2), row(3)]), read([row(3), row(1)])
    both = merge(old, new)
    playlist = both.playlists["playlist_id"].iloc[0]
    assert both.playlist(playlist).index.tolist() == [track_id(3), track_id(1)]
    assert len(both) == 3


def test_saved_tracks_are_united():
    old = read([row(1), row(2)], "Liked_Songs.csv")
    new = read([row(2), row(3)], "Liked_Songs.csv")
    assert merge(old, new).playlist("liked").index.tolist() == [track_id(n) for n in (1, 2, 3)]


def plays(*rows):
    frame = pd.DataFrame(rows, columns=["track_id", "at", "played_s"])
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    return typed_rows(frame, PLAY_COLUMNS)


def test_one_play_told_by_the_minute_and_by_the_second_is_one():
    exact = plays(("a", "2024-01-15 14:30:41", 210.0), ("a", "2024-01-15 15:00:10", 3.0))
    rough = plays(("a", "2024-01-15 14:30", 210.0), ("b", "2024-01-15 14:30", 210.0))
    assert len(united_plays(exact, rough)) == 3
    assert len(united_plays(rough, exact)) == 3


def test_plays_and_entries_follow_a_track_to_its_new_id():
    old = Library(tracks=tracks(song("local:1")), plays=plays(("local:1", "2024-01-01", 60.0)))
    both = merge(old, Library(tracks=tracks(song("c" * 22))))
    assert both.plays["track_id"].tolist() == ["c" * 22]
