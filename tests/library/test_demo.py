"""The demo library is invented, deterministic, real in its distributions, and has its vices."""

import os
import time

import numpy as np
import pandas as pd
import pytest

from library.demo import demo_library, owner
from library.demo.catalogue import invent_tracks
from library.demo.features import scene_means
from library.demo.material import scenes
from library.demo.playlists import MIXES
from music.features import NAMES, index_of
from music.tracks import canonical_song, primary_artist, raw_features

SEEDS = (0, 1, 7)
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module", params=SEEDS)
def library(request):
    return demo_library(request.param)


@pytest.fixture(scope="module")
def plays(library):
    tracks = library.tracks.assign(artist=primary_artist(library.tracks))
    return library.plays.join(tracks, on="track_id")


def playlist(library, name):
    found = library.playlists.set_index("name")["playlist_id"]
    return library.playlist(found[name])


def test_it_is_a_whole_library_and_says_that_it_is_invented(library):
    assert library.invented
    assert library.name == owner.NAME
    assert 1_900 <= len(library.tracks) <= 2_100
    assert 280 <= library.tracks["artists"].nunique() <= 360
    assert len(library.playlists) == 25 + 1  # and the saved tracks
    assert 15_000 <= len(library.plays) <= 20_000
    assert library.tracks.index.str.startswith("ghost:").all()
    assert library.tracks["origin"].eq("demo").all()
    assert library.tracks["provenance"].eq("i" * 9).all()
    assert library.tracks["genres"].str.split("; ").str[0].nunique() >= 12


def test_the_same_seed_gives_the_same_library_and_another_one_another():
    again = demo_library.__wrapped__(0)
    for name in ("tracks", "playlists", "entries", "plays"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(demo_library(0), name))
    other = demo_library(1)
    assert set(other.tracks["artists"]) != set(again.tracks["artists"])


def test_every_entry_and_play_is_of_a_track_that_is_there(library):
    assert library.entries["track_id"].isin(library.tracks.index).all()
    assert library.plays["track_id"].isin(library.tracks.index).all()
    assert not library.tracks["name"].isna().any()
    assert not library.entries.duplicated(["playlist_id", "track_id"]).any()


def test_it_spans_two_fixed_years(library):
    at = library.plays["at"]
    assert at.is_monotonic_increasing
    assert at.min() >= owner.FIRST_DAY
    assert at.max() < owner.FIRST_DAY + owner.N_DAYS * DAY == pd.Timestamp("2026-10-01", tz="UTC")
    assert at.dt.floor("D").nunique() > 640
    assert library.entries["added_at"].max() < pd.Timestamp("2026-10-01", tz="UTC")


def test_days_have_a_rhythm(library):
    at = library.plays["at"]
    weekday = at[at.dt.day_of_week < 5].dt.hour.value_counts().reindex(range(24), fill_value=0)
    assert weekday[[8, 18, 21]].min() > 3 * weekday[[2, 4, 5]].max()


def test_features_are_calibrated_on_real_families():
    """Each scene's mean lies near its family's, in units of how widely all music spreads."""
    rng = np.random.default_rng(0)
    catalogue = invent_tracks(rng)
    raw = raw_features(catalogue.tracks)
    spread = raw.std(axis=0)
    for i, scene in enumerate(catalogue.scenes):
        mine = raw[catalogue.scene_of == i]
        wanted = scene_means(scene).copy()
        if scene.tempo:
            wanted[index_of("tempo")] = scene.tempo[0]
        assert (np.abs(mine.mean(axis=0) - wanted) / spread).mean() < 0.35, scene.name


def test_features_hang_together_as_in_music(library):
    raw = raw_features(library.tracks)
    r = np.corrcoef(raw.T)
    energy, loudness, acoustic = (NAMES.index(n) for n in ("energy", "loudness", "acousticness"))
    assert r[energy, loudness] > 0.5
    assert r[energy, acoustic] < -0.4


def test_vice_1_one_song_212_times(library, plays):
    counts = plays["name"].value_counts()
    assert counts.index[0] == owner.THE_SONG
    assert counts.iloc[0] == 212
    mine = plays[plays["name"] == owner.THE_SONG]
    assert len(set(mine["track_id"])) == 1
    assert (mine["played_s"] >= 30).all()
    assert counts.iloc[1] < 190


def test_vice_2_sea_shanties_at_three(plays):
    at_three = plays[plays["at"].dt.hour == 3]
    assert at_three["genres"].str.startswith("sea shanties").mean() > 0.9
    assert len(at_three) > 150


def test_vice_3_the_gym_playlist_has_four_plays(library, plays):
    gym = playlist(library, owner.GYM)
    assert len(gym) == 24
    assert plays["track_id"].isin(gym.index).sum() == 4


def test_vice_4_playlists_that_were_never_named(library):
    names = library.playlists["name"].tolist()
    assert [n for n in names if n.startswith("new playlist")] == [
        f"new playlist ({n})" for n in range(2, 8)
    ]


def test_vice_5_one_artist_is_41_percent(plays):
    for heard in (plays, plays[plays["played_s"] >= 30]):
        share = heard["artist"].value_counts(normalize=True)
        assert share.index[0] == "Municipal Swimming Pool"
        assert 0.405 <= share.iloc[0] < 0.415


def test_vice_6_a_third_is_skipped_after_twelve_seconds(plays):
    assert plays["skipped"].mean() == pytest.approx(1 / 3, abs=0.002)
    assert plays.loc[plays["skipped"], "played_s"].median() == pytest.approx(12, abs=0.5)


def test_vice_7_she_is_stuck_in_2006_to_2009(plays):
    assert plays["year"].between(2006, 2009).mean() > 0.5


def test_vice_8_christmas_in_july(plays):
    xmas = plays[plays["genres"].str.contains("christmas")]
    months = xmas["at"].dt.month.value_counts()
    assert months[7] == 64
    assert months[12] == 3
    assert months.sum() == 67


def test_vice_9_the_saddest_playlist_says_it_is_fine(library):
    sadness = {
        name: playlist(library, name)["valence"].mean()
        for name in library.playlists["name"]
        if len(playlist(library, name)) > 4
    }
    assert min(sadness, key=sadness.get) == "i'm fine"
    assert sadness["i'm fine"] < 0.12


def test_vice_10_nine_versions_of_one_song(library):
    versions = canonical_song(library.tracks).value_counts()
    assert versions.iloc[0] == 9
    assert versions.index[0].startswith("deep end")
    assert versions.iloc[1] <= 3


def test_vice_11_deep_focus_at_174(library):
    assert playlist(library, "deep focus")["tempo_bpm"].mean() == pytest.approx(174, abs=1)


def test_vice_12_nine_days_of_bagpipe_techno(plays):
    phase = plays[plays["genres"].str.startswith("bagpipe techno")]["at"]
    assert phase.dt.floor("D").nunique() == 9
    assert (phase.max().floor("D") - phase.min().floor("D")) == 8 * DAY
    assert len(phase) == 143


def test_no_title_and_no_band_is_written_twice():
    titles = [title.casefold() for scene in scenes() for title, _ in scene.songs]
    bands = [band.casefold() for scene in scenes() for band in scene.bands]
    assert len(set(titles)) == len(titles)
    assert len(set(bands)) == len(bands)


def test_what_is_pinned_is_pinned_to_a_band_of_the_scene():
    for scene in scenes():
        for _, band in (*scene.songs, *scene.albums):
            assert not band or band in scene.bands


def test_every_playlist_is_as_long_as_it_should_be(library):
    for mix in MIXES:
        assert 1 <= len(playlist(library, mix.name)) <= mix.n


def test_it_is_ready_at_once():
    best = min(_seconds_to_generate() for _ in range(3))
    assert best < 0.4


def _seconds_to_generate() -> float:
    start = time.process_time()
    demo_library.__wrapped__(3)
    return time.process_time() - start


@pytest.mark.data
def test_no_band_is_one_of_the_real_artists_we_know():
    folder = os.environ.get("GHOSTNOTES_DATA")
    if not folder:
        pytest.skip("GHOSTNOTES_DATA names no folder")
    real = pd.read_csv(f"{folder}/features_by_artist.csv.gz", usecols=["artists"])["artists"]
    known = set(real.str.casefold())
    assert not [b for scene in scenes() for b in scene.bands if b.casefold() in known]
