"""What people see of a track table: found by words, safe in a spreadsheet, honest."""

import pandas as pd
import pytest

from library.spotify_rows import ORIGIN
from music.tracks import Library, as_tracks
from studio.listing import coverage_sentence, search, spotify_links, tracks_csv, tracks_m3u

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
    assert coverage_sentence(Library(TRACKS)) == (
        "Audio features for 2 of 3 tracks: 2 from your own file."
    )
    nothing = Library(TRACKS.assign(energy=float("nan")))
    assert coverage_sentence(nothing).startswith("No audio features for these 3 tracks")
