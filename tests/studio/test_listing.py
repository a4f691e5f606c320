"""What people see of a track table: found by words, safe in a spreadsheet, honest."""

import pandas as pd
import pytest

from library.demo import demo_library
from library.spotify_rows import ORIGIN
from music.tracks import PLAY_COLUMNS, Library, as_tracks, typed_rows
from studio.listing import (
    coverage_sentence,
    latest_plays,
    plays_sentence,
    search,
    source_words,
    spotify_links,
    tracks_csv,
    tracks_m3u,
)

TRACKS = as_tracks(
    pd.DataFrame({
        "track_id": ["4uLU6hMCjMI75M1A2tKUQC", "ghost:1", "c"],
        "name": ["=HYPERLINK(1)", "Dub Song", None],
        "artists": ["A", "The Damp; Other", "C"],
        "genres": ["rock", "dub; roots reggae", None],
        "energy": [0.5, 0.2, None],
    }),
    "test",
)  # fmt: skip


def test_every_word_must_occur_somewhere():
    assert list(search(TRACKS, "DAMP roots").index) == ["ghost:1"]
    assert search(TRACKS, "damp rock").empty
    assert len(search(TRACKS, "  ")) == 3


def test_only_real_ids_get_a_link():
    links = spotify_links(TRACKS)
    assert links.iloc[0] == "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"
    assert links.iloc[1:].isna().all()


def test_a_spreadsheet_sees_no_formula():
    assert ",'=HYPERLINK(1)," in tracks_csv(TRACKS)


def test_a_list_without_tracks_is_a_file_without_rows():
    assert tracks_csv(TRACKS.head(0).assign(because=pd.Series(dtype="float64"))).count("\n") == 1


@pytest.mark.parametrize("written", [tracks_csv, tracks_m3u])
def test_no_file_for_another_service_is_made_of_what_spotify_said(written):
    mixed = TRACKS.assign(origin=[ORIGIN, "exportify", ORIGIN])
    text = written(mixed)
    assert "Dub Song" in text
    assert "HYPERLINK" not in text
    assert "4uLU6hMCjMI75M1A2tKUQC" not in text


def test_coverage_adds_up():
    assert coverage_sentence(Library(TRACKS)) == "Features for 2 of 3 tracks: 2 own."
    nothing = Library(TRACKS.assign(energy=float("nan"), provenance="-" * 9))
    assert coverage_sentence(nothing).startswith("No audio features for these 3 tracks")


def test_a_source_is_said_in_words_and_an_estimate_with_its_uncertainty():
    letters = ["-o-------", "-e-------", "-" * 9]
    tracks = TRACKS.assign(energy=[0.5, 0.2, None], provenance=letters)
    spread = pd.DataFrame({"energy": [None, 0.213, None]}, index=tracks.index)
    words = source_words(tracks, spread)
    assert words.iloc[:2].tolist() == ["own", "estimated ± 21 %"]
    assert words.isna().tolist() == [False, False, True]


def test_plays_are_told_on_the_listeners_clock():
    moments = pd.to_datetime(["2026-06-30T23:30:00Z", "2026-01-02T10:00:00Z"])
    plays = pd.DataFrame({"track_id": ["ghost:1", "c"], "at": moments, "played_s": [90.0, 45.0]})
    library = Library(TRACKS, plays=typed_rows(plays, PLAY_COLUMNS), zone="Asia/Tokyo")
    told = latest_plays(library)
    assert [str(at) for at in told["at"]] == [
        "2026-07-01 08:30:00+09:00", "2026-01-02 19:00:00+09:00"
    ]  # fmt: skip
    assert told["name"].tolist()[0] == "Dub Song"
    assert plays_sentence(library) == (
        "2 plays of half a minute or more from 2 January 2026 to 1 July 2026; "
        "times are those of Asia/Tokyo."
    )
    assert plays_sentence(Library(TRACKS)).startswith("No plays")
    assert len(latest_plays(demo_library(), 7)) == 7
