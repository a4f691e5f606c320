"""What each witness tells: few seeds say little, unknown says nothing, more is more."""

import numpy as np
import pandas as pd
import pytest

from music.tracks import as_tracks
from recommender.artists import Guests, SameArtist, artist_keys
from recommender.catalogue import Catalogue
from recommender.curves import WITHIN_SONGS, curves
from recommender.genres import SharedGenres, word_weights
from recommender.score import PARTS, default_weights, hear
from recommender.seeds import SeedRows
from recommender.witness import Groups


def seeds(*rows):
    return SeedRows(np.array(rows), np.ones(len(rows)))


def test_a_number_nobody_knows_has_the_catalogues_own_curve():
    found = curves(np.full((4, 12), np.nan), np.ones(4), WITHIN_SONGS)
    np.testing.assert_allclose(found.mean, 0)
    np.testing.assert_allclose(found.variance, 1, atol=1e-9)


def test_few_seeds_are_drawn_to_the_catalogue():
    one, many = (curves(np.full((k, 12), 2.0), np.ones(k), WITHIN_SONGS) for k in (1, 30))
    assert (one.mean > 0).all()
    assert (one.mean < many.mean).all()
    assert (many.mean < 2).all()
    assert (many.variance < one.variance).all()


def test_more_seeds_of_an_artist_add_less_and_less():
    artists = Groups.of(pd.Series(["x"] * 6 + ["y"]))
    again = [SameArtist(artists).hear(seeds(*range(k)))[0, 0] for k in (1, 2, 3, 4)]
    steps = np.diff(again)
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()


def test_tracks_without_artist_share_none():
    artists = Groups.of(pd.Series([None, None, ""], dtype="str"))
    assert len(artists) == 3
    assert SameArtist(artists).hear(seeds(0))[:, 0].tolist() == pytest.approx([np.log(2), 0, 0])


def test_guests_are_read_from_titles_and_artists():
    frame = pd.DataFrame(
        {
            "track_id": list("abcd"),
            "name": ["One (feat. Bea)", "Two", "Three - Cleo Remix", "Four"],
            "artists": ["Ada", "Bea", "Ada; Dora", "Cleo"],
        }
    )
    tracks = as_tracks(frame, "guests")
    artists = Groups.of(artist_keys(tracks))
    met = Guests(tracks, artists).hear(seeds(0))[:, 0]
    assert dict(zip(artists.names, met > 0, strict=True)) == {
        "ada": False,
        "bea": True,
        "cleo": True,
    }


def test_shared_rare_genres_speak_louder_than_shared_common_ones():
    genres = ["pop"] * 50 + ["pop; zydeco"] * 3 + ["rock"] * 50
    frame = pd.DataFrame({"track_id": [str(i) for i in range(103)], "genres": genres})
    witness = SharedGenres(as_tracks(frame, "genres"))
    told = witness.hear(seeds(50))[witness.groups.code]
    assert told[51, 0] > told[0, 0] > told[60, 0]


def test_a_word_reaches_the_genres_that_contain_it():
    vocabulary = {"dance punk": 0, "punk": 1, "punkabilly": 2, "post-punk": 3}
    assert word_weights({"punk": 1.0}, vocabulary).tolist() == [0, 1, 0, 0]
    without = {"dance punk": 0, "punkabilly": 1, "post-punk": 2}
    assert word_weights({"punk": 1.0}, without).tolist() == [0.6, 0, 0.6]


def test_every_weight_belongs_to_a_feature_and_every_feature_to_a_part(tracks):
    witnesses = Catalogue(tracks).witnesses
    features = [f for w in witnesses for f in w.features]
    assert sorted(features) == sorted(default_weights().few)
    learned = Catalogue(tracks).beside({"mine": tracks.index[:5]}).witnesses
    told = {part for w in learned for part in w.features.values()}
    assert set(PARTS) - told == {"again", "trees", "novelty", "mood", "chance"}


def test_the_average_track_scores_nothing(tracks):
    hearing = hear(Catalogue(tracks).witnesses, seeds(0, 1), default_weights())
    assert abs(hearing.first_look().mean()) < 1e-4
