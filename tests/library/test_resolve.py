"""Features come from the first source that knows them, with a letter for every value."""

import numpy as np
import pandas as pd
import pytest

from library.catalogue import index_catalogue
from library.catalogue_index import CatalogueIndex
from library.estimate import NEVER, AverageEstimator
from library.opening import files_in
from library.resolve import (
    LOOK_UP_COLUMNS,
    CacheSource,
    CatalogueSource,
    Coverage,
    coverage,
    forget_source,
    letters_of,
    remember,
    resolve,
)
from library.store import Store
from music.features import FEATURE_COLUMNS, NAMES
from music.tracks import as_tracks, estimated
from tests.library.files import track_id
from tests.library.formats import CATALOGUES, catalogue_csv


def table(*rows):
    return as_tracks(pd.DataFrame(rows), "test")


class Says:
    """A source that knows what it is told."""

    def __init__(self, letter, values, notes=()):
        self.letter, self.notes, self.asked = letter, list(notes), []
        self._answer = pd.DataFrame.from_dict(values, orient="index", columns=list(LOOK_UP_COLUMNS))

    def look_up(self, tracks):
        self.asked += tracks.index.tolist()
        return self._answer[self._answer.index.isin(tracks.index)]


THREE = table(
    {"track_id": "a", "energy": 0.1, "tempo_bpm": 100},
    {"track_id": "b", "name": "B", "artists": "X"},
    {"track_id": "c"},
)


def test_each_gap_is_filled_by_the_first_who_knows():
    first = Says("k", {"a": {"energy": 0.9, "valence": 0.2}, "b": {"energy": 0.3}})
    second = Says("r", {"b": {"energy": 0.8, "valence": 0.7, "key": 5}})
    out = resolve(THREE, [first, second]).tracks
    assert out.loc["a", "energy"] == 0.1
    assert out.loc["a", "valence"] == 0.2
    assert out.loc["b", ["energy", "valence", "key"]].tolist() == [0.3, 0.7, 5]
    assert out.loc["a", "provenance"] == "-o-----ko"
    assert out.loc["b", "provenance"] == "-k-----r-"
    assert out.loc["c", "provenance"] == "-" * 9


def test_a_source_is_asked_only_for_what_is_missing():
    full = dict.fromkeys(FEATURE_COLUMNS, 0.5) | {"loudness_db": -5, "tempo_bpm": 99}
    first, second = Says("k", {"a": full, "b": full}), Says("r", {})
    resolve(THREE, [first, second])
    assert second.asked == ["c"]


def test_impossible_values_of_a_source_stay_out():
    out = resolve(THREE, [Says("r", {"b": {"energy": 7.0, "valence": 0.5}})]).tracks
    assert np.isnan(out.loc["b", "energy"])
    assert out.loc["b", "valence"] == 0.5


def test_what_came_from_far_is_remembered_and_answers_next_time():
    far = Says("r", {"b": {"energy": 0.8}}, notes=["asks for a pause"])
    resolved = resolve(THREE, [far])
    assert resolved.notes == ("asks for a pause",)
    cache = remember(None, resolved.found)
    again = resolve(THREE, [CacheSource(cache)]).tracks
    assert again.loc["b", "energy"] == 0.8
    assert again.loc["b", "provenance"][1] == "c"
    assert len(forget_source(cache, "r")) == 0


def test_the_store_keeps_look_ups_by_owner(store_url):
    store = Store(store_url)
    store.save_features("one", resolve(THREE, [Says("r", {"b": {"energy": 0.8}})]).found)
    store.save_features("one", resolve(THREE, [Says("s", {"c": {"energy": 0.1}})]).found)
    assert sorted(store.features("one").index) == ["b", "c"]
    assert store.features("two") is None
    store.forget_features("one", "s")
    assert store.features("one").index.tolist() == ["b"]
    store.forget("one")
    assert store.features("one") is None
    store.close()


def test_a_catalogue_is_a_source(tmp_path):
    data = catalogue_csv(CATALOGUES["tracks_features"])
    index_catalogue(files_in(data)[0], tmp_path / "c.parquet")
    wanted = table({"track_id": track_id(1)}, {"track_id": "x" * 22})
    out = resolve(wanted, [CatalogueSource(CatalogueIndex(tmp_path / "c.parquet"))]).tracks
    assert out["provenance"].tolist() == ["k" * 9, "-" * 9]
    assert out.loc[track_id(1), "tempo_bpm"] == pytest.approx(120.5)


def test_estimates_are_last_marked_uncertain_and_never_of_tempo():
    rows = [
        {"track_id": f"k{n}", "artists": "The Damp", "genres": "dub",
         **dict.fromkeys(FEATURE_COLUMNS, 0.2 + n / 100), "tempo_bpm": 80 + n, "loudness_db": -9}
        for n in range(8)
    ]  # fmt: skip
    unknown = [
        {"track_id": "same", "artists": "the damp", "name": "New"},
        {"track_id": "genre", "artists": "Other", "genres": "dub"},
        {"track_id": "nothing", "name": "?"},
    ]
    tracks = table(*rows, *unknown)
    resolved = resolve(tracks, [], AverageEstimator().fit(tracks))
    out, spread = resolved.tracks, resolved.uncertainty
    assert out.loc["same", "provenance"] == "eeeeee-e-"
    assert out.loc["nothing", "provenance"] == "-" * 9
    assert estimated(out, "energy").sum() == 2
    assert (
        out.loc[["same", "genre"], ["tempo_bpm", "liveness", "key", "mode"]].isna().all(axis=None)
    )
    assert 0.2 <= out.loc["same", "energy"] <= 0.4
    assert spread.loc["same", "energy"] > 0
    assert spread.loc["k1"].isna().all()
    assert str(resolved.coverage) == "features for 10 of 11 tracks: 8 own, 2 estimated"


def test_a_better_source_replaces_an_estimate_and_estimates_are_not_learnt_from():
    rows = [
        {"track_id": f"k{n}", "genres": "dub", "energy": 0.9, "tempo_bpm": 99} for n in range(5)
    ]
    tracks = table(*rows, {"track_id": "new", "genres": "dub"})
    first = resolve(tracks, [], AverageEstimator().fit(tracks)).tracks
    assert first.loc["new", "provenance"][1] == "e"
    again = AverageEstimator().fit(first).estimate(first)[0]
    np.testing.assert_allclose(again, AverageEstimator().fit(tracks).estimate(first)[0])
    better = resolve(first, [Says("k", {"new": {"energy": 0.2}})]).tracks
    assert better.loc["new", "energy"] == 0.2
    assert better.loc["new", "provenance"] == "-k-------"


def test_resolving_twice_is_resolving_once():
    source = Says("k", {"b": {"energy": 0.3}})
    once = resolve(THREE, [source]).tracks
    pd.testing.assert_frame_equal(resolve(once, [source]).tracks, once)


def test_coverage_counts_a_track_once():
    tracks = resolve(THREE, [Says("k", {"b": {"energy": 0.3}})]).tracks
    assert coverage(tracks) == Coverage(3, {"o": 1, "k": 1})
    assert str(coverage(tracks)) == "features for 2 of 3 tracks: 1 own, 1 from a catalogue"
    assert str(coverage(table({"track_id": "x"}))) == "features for 0 of 1 tracks"
    assert letters_of(THREE).shape == (3, len(NAMES))


def test_cancelling_changes_nothing():
    class EnoughError(Exception):
        pass

    def stop(share, text):
        raise EnoughError

    before = THREE.copy()
    with pytest.raises(EnoughError):
        resolve(THREE, [Says("k", {"b": {"energy": 0.3}})], progress=stop)
    pd.testing.assert_frame_equal(THREE, before)


def test_never_means_never():
    assert NEVER == ("liveness", "tempo")
