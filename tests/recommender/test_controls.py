"""What a listener may demand and wish: hard limits, block lists, sliders, more of the same."""

import numpy as np
import pandas as pd
import pytest

from music.errors import InputError
from music.playlist import PlaylistSpec
from music.vibe import Vibe
from recommender.controls import Blocked, Filters
from recommender.recommend import Recommender
from recommender.seeds import Seeds
from recommender.taste import with_feedback
from recommender.wishes import Wishes
from tests.recommender.conftest import make_tracks

SEEDS = ["t00000", "t00015", "t00031"]


@pytest.fixture(scope="module")
def recommender(tracks):
    return Recommender(tracks)


def test_limits_are_hard(recommender, tracks):
    limits = Filters(years=(1971, 1973), tempo_bpm=(None, 100), popularity=(10, None))
    found = tracks.loc[recommender.recommend(SEEDS, n=300, filters=limits).ids]
    assert len(found)
    assert found["year"].between(1971, 1973).all()
    assert (found["tempo_bpm"] <= 100).all()
    assert (found["popularity"] >= 10).all()


def test_unknown_values_follow_the_rule_that_was_set():
    tracks = make_tracks(4)
    tracks["duration_s"] = [100.0, 200.0, np.nan, 300.0]
    assert Filters(duration_s=(150, 250)).allow(tracks).tolist() == [False, True, False, False]
    kept = Filters(duration_s=(150, 250), unknown="keep").allow(tracks)
    assert kept.tolist() == [False, True, True, False]


def test_an_estimated_tempo_does_not_pass_a_limit():
    tracks = make_tracks(2)
    tracks["tempo_bpm"] = 120.0
    tracks["provenance"] = ["o" * 9, "o" * 8 + "e"]
    assert Filters(tempo_bpm=(110, 130)).allow(tracks).tolist() == [True, False]


def test_clean_only_means_known_to_be_clean():
    tracks = make_tracks(3)
    tracks["explicit"] = pd.array([True, False, None], dtype="boolean")
    assert Filters(explicit=False).allow(tracks).tolist() == [False, True, False]
    assert Filters(explicit=False, unknown="keep").allow(tracks).tolist() == [False, True, True]


def test_limits_of_a_playlist_to_be_made_are_taken_over():
    assert Filters.of(PlaylistSpec(years=(1990, 1999))).years == (1990, 1999)


def test_a_range_the_wrong_way_round_is_told():
    with pytest.raises(InputError, match="years runs from 2000 to 1990"):
        Filters(years=(2000, 1990))


def test_the_block_list_holds_for_tracks_and_artists(recommender, tracks):
    first = recommender.recommend(SEEDS, n=5)
    blocked = Blocked.of(first.ids[:2], [tracks.loc[first.ids[2], "artists"].upper()])
    found = recommender.recommend(SEEDS, n=300, blocked=blocked)
    assert not set(first.ids[:3]) & set(found.ids)
    assert Blocked.from_json(blocked.to_json()) == blocked
    with pytest.raises(InputError, match="no block list"):
        Blocked.from_json("[1]")


def test_what_is_known_can_be_left_out_with_a_threshold(tracks):
    mine = tracks.iloc[:7]  # five and two of an artist
    assert Blocked.known(mine).artists == frozenset()
    assert Blocked.known(mine, artists_over=4).artists == {"folk band 0"}
    assert len(Blocked.known(mine, artists_over=0).artists) == 2


def test_novelty_goes_from_familiar_to_unknown(recommender, tracks):
    lists = [recommender.recommend(SEEDS, wishes=Wishes(novelty=x)).ids for x in (-1.0, 0.0, 1.0)]
    fame = [tracks.loc[ids, "popularity"].mean() for ids in lists]
    known = [tracks.loc[ids, "artists"].isin(tracks.loc[SEEDS, "artists"]).sum() for ids in lists]
    assert fame[0] > fame[2]
    assert known[0] >= known[1] >= known[2]
    assert known[2] < known[1]


def test_a_mood_ranks_and_does_not_cut(recommender, tracks):
    calm = Wishes(mood=Vibe.of({"energy": 0.0}), mood_strength=1.0)
    plain, moody = (
        recommender.recommend(["t00005", "t00010"], n=60, wishes=w) for w in (None, calm)
    )
    assert tracks.loc[moody.ids, "energy"].mean() < tracks.loc[plain.ids, "energy"].mean()
    assert len(moody) == 60
    assert moody[0].parts["mood"] > 0


def test_diversity_spreads_the_list(recommender, tracks):
    kinds = [
        tracks.loc[
            recommender.recommend(SEEDS, n=30, wishes=Wishes(diversity=d)).ids, "artists"
        ].nunique()
        for d in (0.0, 0.7)
    ]
    assert kinds[1] > kinds[0]


def test_variety_changes_with_the_seed_and_only_with_it(recommender):
    wishes = Wishes(variety=1.0)
    a, b, c = (recommender.recommend(SEEDS, seed=s, wishes=wishes).ids for s in (1, 1, 2))
    assert a == b
    assert a != c


@pytest.mark.parametrize("wishes", [Wishes(), Wishes(diversity=0.5), Wishes(variety=0.5)])
def test_more_goes_on_where_the_list_ended(recommender, wishes):
    whole = recommender.recommend(SEEDS, n=60, wishes=wishes)
    first = recommender.recommend(SEEDS, n=20, wishes=wishes)
    second = first.more(20)
    assert first.ids + second.ids + second.more(20).ids == whole.ids


def test_parts_sum_to_the_score_whatever_is_wished(recommender):
    wishes = Wishes(novelty=0.5, mood=Vibe.of({"energy": 0.2}), variety=0.3, diversity=0.3)
    for one in recommender.recommend(SEEDS, n=30, wishes=wishes, per_artist=2):
        assert sum(one.parts.values()) == pytest.approx(one.score, abs=1e-9)


def test_feedback_moves_the_ranking(recommender, scenes):
    mixed = Seeds.of(["t00000", "t00005"])  # folk and techno
    liked = with_feedback(mixed, likes=["t00020"], dislikes=["t00030"])  # techno yes, folk no
    share = [
        (scenes[recommender.recommend(s, n=40).ids] == "techno").mean() for s in (mixed, liked)
    ]
    assert share[1] > share[0]
    assert "t00030" not in recommender.recommend(liked, n=300).ids


def test_sliders_have_ends():
    with pytest.raises(InputError, match="diversity lies between 0 and 1"):
        Wishes(diversity=2)
