"""A catalogue brings tracks one does not own, with reasons from those one does."""

import pytest

from music.errors import NotFoundError
from recommender.seeds import Seeds
from studio import imports, reach, services
from studio.listener import Listener
from tests.library.files import csv_bytes, row, track_id
from tests.library.test_candidates import HEADER, line

ME = services.ME


@pytest.fixture
def who(tmp_path):
    own = csv_bytes([row(n) for n in range(30)])
    table = tmp_path / "dataset.csv"
    table.write_bytes(csv_bytes([line(n) for n in range(20, 300)], HEADER))
    return Listener(imports.import_files(ME, [own, table]).library, "me")


def test_what_is_recommended_is_not_owned(who):
    index = reach.find("DATASET")
    seeds = Seeds({track_id(n): 1.0 for n in range(5)})
    found = reach.beyond(who, index, seeds)
    ids = found.recommender.recommend(seeds, 50, exclude=found.known).ids
    assert len(ids) == 50
    assert set(ids).isdisjoint(who.library.tracks.index)
    assert set(ids) <= {track_id(n) for n in range(30, 300)}
    assert found.recommender.recommend(seeds, 5, exclude=found.known)[0].because


def test_a_vibe_alone_reaches_too(who):
    from music.vibe import Vibe

    seeds = Seeds(vibe=Vibe.of({"energy": 1.0}))
    found = reach.beyond(who, reach.find("dataset"), seeds)
    rows = found.recommender.recommend(seeds, 20, exclude=found.known).tracks()
    assert rows["energy"].mean() > 0.7


def test_the_same_question_is_prepared_once(who):
    seeds = Seeds({track_id(1): 1.0})
    first = reach.beyond(who, reach.find("dataset"), seeds).recommender
    assert reach.beyond(who, reach.find("dataset"), seeds).recommender is first
    other = reach.beyond(who, reach.find("dataset"), Seeds({track_id(2): 1.0})).recommender
    assert other is not first


def test_what_was_prepared_for_somebody_is_forgotten_by_their_key(who):
    seeds, index = Seeds({track_id(1): 1.0}), reach.find("dataset")
    other = Listener(who.library, "me-stamp")
    mine, theirs = (reach.beyond(w, index, seeds).recommender for w in (who, other))
    reach.forget("stamp")
    assert reach.beyond(who, index, seeds).recommender is mine
    assert reach.beyond(other, index, seeds).recommender is not theirs


def test_without_a_catalogue_it_is_the_library(who):
    found = reach.beyond(who, None, Seeds({track_id(1): 1.0}))
    assert found.recommender is who.recommender
    assert found.known == ()


def test_a_catalogue_that_is_not_there_names_those_that_are(who):
    with pytest.raises(NotFoundError, match="there are: 'dataset"):
        reach.find("million")
