"""A vibe sums up tracks and is the point all pages share."""

import numpy as np
import pytest

from music.errors import InputError
from music.features import NAMES, N
from music.vibe import Vibe, vibe_of

RNG = np.random.default_rng(0)


def random_vibe(rng: np.random.Generator) -> Vibe:
    words = {f"word {i} &~=": float(rng.uniform(0.1, 1)) for i in range(rng.integers(0, 5))}
    artists = {f"artist {i} ~&é=": float(rng.uniform(0.1, 1)) for i in range(rng.integers(0, 5))}
    return vibe_of(rng.random((5, N)), words, "playlist: \u202e <b>$x$</b>").by(artists)


def test_one_outlier_does_not_move_the_vibe():
    tracks = np.full((9, N), 0.2)
    tracks[0] = 1.0
    np.testing.assert_allclose(vibe_of(tracks).features, 0.2)


def test_agreement_becomes_weight():
    together, apart = np.full((50, N), 0.3), np.linspace(0, 1, 50)[:, None] * np.ones(N)
    assert vibe_of(together).weights == (1.0,) * N
    assert max(vibe_of(apart).weights) < 0.1


def test_what_nobody_knows_has_weight_0():
    tracks = np.full((3, N), 0.4)
    tracks[:, 8] = np.nan
    vibe = vibe_of(tracks)
    assert vibe.get("tempo") is None
    assert vibe.get("energy") == pytest.approx(0.4)


def test_no_tracks_is_a_vibe_that_says_nothing():
    assert vibe_of(np.empty((0, N))) == Vibe()


def test_its_text_form_is_complete():
    for _ in range(50):
        vibe = random_vibe(RNG)
        assert Vibe.parse(vibe.to_text()) == vibe


@pytest.mark.parametrize("letter", ["a", "ไ", "~"])
@pytest.mark.parametrize("length", [1, 60, 5_000])
def test_artists_behind_it_leave_room_in_a_link(letter, length):
    named = Vibe.of({"energy": 0.9}).by({f"{i}{letter * length}": 0.5 for i in range(200)})
    assert Vibe.parse(named.to_text()) == named
    assert len(named.to_text()) < 2_500


def test_the_artists_that_weigh_most_are_kept():
    assert Vibe().by({"few": 0.1, "most": 0.7, "none": 0.0}).artists == (
        ("most", 0.7),
        ("few", 0.1),
    )


def test_bare_it_sounds_the_same_and_is_nobodys():
    whole = Vibe.of({"energy": 0.9}, ["dub"], "playlist: x").by({"a": 1.0})
    assert whole.bare() == Vibe.of({"energy": 0.9}, ["dub"])


def test_between_two_vibes_both_stand_behind_it():
    a, b = Vibe().by({"one": 1.0, "both": 0.5}), Vibe().by({"two": 0.4, "both": 0.5})
    assert dict(a.toward(b, 0.25).artists) == pytest.approx({"one": 0.75, "two": 0.1, "both": 0.5})


@pytest.mark.parametrize(
    "text",
    [
        "artist=x~2",
        "energy=2~1",
        "energy=x~1",
        "rhubarb=0.5~1",
        "energy=nan~1",
        "word=dub~-1",
        "a" * 9000,
        "zzz",
    ],
)
def test_a_broken_link_is_refused(text):
    with pytest.raises(InputError, match="no vibe"):
        Vibe.parse(text)


def test_distance_is_a_symmetric_number_between_0_and_1():
    for _ in range(50):
        a, b = random_vibe(RNG), random_vibe(RNG)
        assert a.distance(b) == pytest.approx(b.distance(a))
        assert 0 <= a.distance(b) <= 1
        assert a.distance(a) == pytest.approx(0, abs=1e-7)


def test_toward_walks_from_one_to_the_other():
    a, b = Vibe.of({"energy": 0.1}, ["dub"]), Vibe.of({"energy": 0.9, "tempo": 1}, ["techno"])
    assert a.toward(b, 0) == a
    assert a.toward(b, 1) == b
    steps = [a.toward(b, t).get("energy") for t in np.linspace(0, 1, 5)]
    assert steps == sorted(steps)


def test_an_unknown_feature_is_named_in_the_error():
    with pytest.raises(InputError, match="'rhubarb' is no audio feature"):
        Vibe.of({"rhubarb": 0.5})
    assert "energy" in NAMES
