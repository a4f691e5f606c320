"""Seeds in, tracks out; each with the parts of its score and reasons that hold."""

import re

import numpy as np
import pandas as pd
import pytest

from music.errors import InputError, NotFoundError
from music.tracks import as_tracks, no_tracks, vibe_of_tracks
from music.vibe import Vibe
from recommender.recommend import Recommender
from recommender.score import PARTS
from recommender.seeds import Seeds
from tests.recommender.conftest import make_tracks

FOLK = ["t00000", "t00015", "t00031"]


@pytest.fixture(scope="module")
def recommender(tracks):
    return Recommender(tracks)


def test_the_seeds_scene_comes_first(recommender, scenes):
    found = recommender.recommend(FOLK, n=30)
    assert (scenes[found.ids] == "folk").mean() > 0.9


def test_the_parts_sum_to_the_score(recommender):
    for one in recommender.recommend({"t00000": 1.0, "t00015": 0.5, "t00006": -1.0}, n=50):
        assert sum(one.parts.values()) == pytest.approx(one.score, abs=1e-9)
        assert set(one.parts) == set(PARTS)


def test_best_first_without_seeds_or_repeats(recommender):
    found = recommender.recommend(FOLK, n=100)
    assert len(set(found.ids)) == 100
    assert not set(FOLK) & set(found.ids)
    assert (np.diff(found.scores) <= 0).all()


def test_every_track_has_three_reasons_with_numbers(recommender):
    for one in recommender.recommend(FOLK, n=30):
        assert len(one.because) == 3
        assert all(re.search(r"\d", reason) for reason in one.because), one.because


def test_the_reason_counts_the_seeds_of_the_artist(recommender, tracks):
    one = recommender.recommend(["t00000", "t00001", "t00030"], n=1)[0]
    assert tracks.loc[one.track_id, "artists"] == "Folk Band 0"
    assert "same artist as 2 of your 3 seeds" in one.because


def test_the_same_seed_gives_the_same_list(recommender):
    first, again = (recommender.recommend(FOLK, n=40, seed=3) for _ in range(2))
    assert first.ids == again.ids
    assert first[5] == again[5]


def test_the_seed_decides_between_equals():
    frame = pd.DataFrame({"track_id": [f"t{i}" for i in range(50)], "artists": "X"})
    twins = Recommender(as_tracks(frame, "twins"))
    assert twins.recommend(["t0"], seed=1).ids != twins.recommend(["t0"], seed=2).ids


def test_order_of_the_catalogue_does_not_matter(recommender, tracks):
    shuffled = Recommender(tracks.sample(frac=1, random_state=1))
    assert set(shuffled.recommend(FOLK, n=30).ids) == set(recommender.recommend(FOLK, n=30).ids)


def test_an_unwanted_seed_pushes_its_like_down(recommender, scenes):
    mixed = dict.fromkeys(["t00000", "t00005"], 1.0)  # folk and techno
    away = mixed | {"t00020": -1.0}  # techno, unwanted
    share = [
        (scenes[recommender.recommend(seeds, n=40).ids] == "techno").mean()
        for seeds in (mixed, away)
    ]
    assert share[1] < share[0]


def test_a_vibe_is_a_seed(recommender, scenes):
    quiet = Vibe.of({"energy": 0.05, "acousticness": 0.95, "tempo": 0.2})
    assert (scenes[recommender.recommend(quiet, n=20).ids] == "folk").mean() > 0.9
    punk = recommender.recommend(Vibe.of(words=["punk"]), n=20)
    assert (scenes[punk.ids] == "punk").all()
    assert any("`punk`" in reason for reason in punk[0].because)


def test_a_vibe_brings_its_artists_along(recommender):
    """It knows no track of theirs, so all of their songs may come, and the reason says why."""
    found = recommender.recommend(Vibe().by({"FOLK Band 3 ": 0.5, "Nobody Here": 0.5}), n=5)
    assert set(found.tracks()["artists"]) == {"Folk Band 3"}
    assert all("by one of 1 artists asked for" in one.because for one in found)


def test_a_playlist_is_found_again_from_its_vibe_alone(recommender, tracks):
    """What a band keeps of the tracks behind it is enough to find others like them."""
    playlist = tracks[tracks["artists"].isin([f"Punk Band {i}" for i in (2, 5, 8, 11)])].iloc[::2]
    whole = set(recommender.recommend(playlist.index, n=10).ids)
    vibe = Vibe.parse(vibe_of_tracks(playlist, "").to_text())
    assert len(whole & set(recommender.recommend(vibe, 10, exclude=playlist.index).ids)) >= 8


def test_tracks_and_a_vibe_together(recommender, scenes):
    seeds = Seeds({"t00000": 1.0}, Vibe.of(words=["techno"]))
    assert {"folk", "techno"} <= set(scenes[recommender.recommend(seeds, n=60).ids])


def test_what_is_excluded_does_not_come_in_any_version():
    frame = pd.DataFrame(
        {
            "track_id": list("abcde"),
            "name": ["One", "Two", "Two - Live", "Two (Remastered 2011)", "Three"],
            "artists": "X",
        }
    )
    versions = Recommender(as_tracks(frame, "versions"))
    assert len(set(versions.recommend(["a"]).ids) & set("bcd")) == 1
    assert versions.recommend(["a"], exclude=["d"]).ids == ["e"]
    assert set(versions.recommend(["b"]).ids) == {"a", "e"}


def test_caps_hold(recommender, tracks):
    found = recommender.recommend(FOLK, n=60, per_artist=2, per_album=1)
    assert len(found) == 60
    assert tracks.loc[found.ids, "artists"].value_counts().max() <= 2
    assert tracks.loc[found.ids].groupby(["album", "artists"]).size().max() == 1


@pytest.mark.parametrize(("features", "genres"), [(False, True), (True, False), (False, False)])
def test_missing_features_and_genres_are_no_problem(features, genres):
    tracks = make_tracks(150, features=features, genres=genres)
    found = Recommender(tracks).recommend(["t00000", "t00001"], n=149)
    assert np.isfinite(found.scores).all()
    assert tracks.loc[found.ids[:2], "artists"].eq("Folk Band 0").all()


def test_a_catalogue_that_knows_only_ids_still_answers():
    bare = Recommender(as_tracks(pd.DataFrame({"track_id": list("abcd")}), "bare"))
    assert set(bare.recommend(["a"]).ids) == set("bcd")


def test_an_estimated_tempo_is_no_evidence():
    tracks = make_tracks(100)
    guessed = tracks.assign(provenance=tracks["provenance"].str[:8] + "e")
    reasons = " ".join(" ".join(one.because) for one in Recommender(guessed).recommend(FOLK, n=30))
    assert "BPM" not in reasons
    assert "an estimate" not in reasons


def test_the_table_can_be_shown(recommender):
    found = recommender.recommend(FOLK, n=5)
    assert list(found.frame().index) == found.ids
    assert list(found.tracks().index) == found.ids
    assert "because" in found.frame().columns


def test_hostile_names_are_shown_as_text():
    frame = pd.DataFrame({"track_id": ["a", "b"], "name": ["x", "<script>1</script>"]})
    shown = Recommender(as_tracks(frame, "hostile")).recommend(["a"])._repr_html_()
    assert "<script>" not in shown


def test_unknown_seeds_are_left_out_and_none_left_is_an_error(recommender):
    assert recommender.recommend([*FOLK, "nobody"], n=3).ids == recommender.recommend(FOLK, n=3).ids
    with pytest.raises(NotFoundError, match="none of the 1 seeds is in this catalogue of 300"):
        recommender.recommend(["nobody"])
    with pytest.raises(NotFoundError, match="there are no seeds"):
        recommender.recommend([])


def test_bad_arguments_are_told(recommender):
    with pytest.raises(InputError, match="n must be at least 1"):
        recommender.recommend(FOLK, n=0)
    with pytest.raises(InputError, match="not one text"):
        recommender.recommend("t00000")
    with pytest.raises(InputError, match="finite"):
        recommender.recommend({"t00000": float("nan")})
    with pytest.raises(InputError, match="no track table"):
        Recommender(pd.DataFrame({"a": [1]}))


def test_an_empty_catalogue_is_told():
    with pytest.raises(InputError, match="no tracks to recommend from"):
        Recommender(no_tracks()).recommend(["a"])


def test_more_tracks_than_there_are_is_all_there_are(recommender):
    assert len(recommender.recommend(FOLK, n=10_000)) == 297


def test_a_vibe_that_names_no_length_gives_no_reason_about_it():
    """A vibe knows nothing of lengths and years; words about them would be made up."""
    rng = np.random.default_rng(5)
    n = 40
    frame = pd.DataFrame({"track_id": [f"t{i}" for i in range(n)], "artists": "one"})
    frame["duration_s"], frame["year"] = rng.uniform(100, 300, n), rng.integers(1970, 2020, n)
    frame["energy"] = rng.random(n)
    found = Recommender(as_tracks(frame, "test")).recommend(Vibe.of({"energy": 0.9}), n=10)
    assert not any("nan" in reason for one in found for reason in one.because)


def test_emphasis_multiplies_parts_and_zero_silences_them(tracks):
    recommender, seeds = Recommender(tracks), tracks.index[:5].tolist()
    plain = recommender.recommend(seeds, 10)[0]
    loud = {
        one.track_id: one for one in recommender.recommend(seeds, 250, emphasis={"genre": 2.0})
    }[plain.track_id]
    assert loud.parts["genre"] == pytest.approx(2 * plain.parts["genre"])
    assert sum(loud.parts.values()) == pytest.approx(loud.score)
    for one in recommender.recommend(seeds, 10, emphasis={"genre": 0.0, "sound": 0.0}):
        assert one.parts["genre"] == one.parts["sound"] == 0


@pytest.mark.parametrize("emphasis", [{"genius": 1.0}, {"genre": -1.0}, {"genre": np.inf}])
def test_emphasis_that_makes_no_sense_is_told(tracks, emphasis):
    with pytest.raises(InputError, match="emphasis maps a part"):
        Recommender(tracks).recommend([tracks.index[0]], emphasis=emphasis)
