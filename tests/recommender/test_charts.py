"""Charts are figures and plain options; names from outside are shown, never run."""

import json

import pytest

from music.tracks import vibe_of_tracks
from music.vibe import Vibe
from recommender.charts import OTHERS, distribution, map_figure, map_html, map_option, radar
from recommender.map import map_points
from tests.recommender.conftest import make_tracks

HOSTILE = "</script><script>alert(1)</script> $x^2$ %{x} <b>"


@pytest.fixture(scope="module")
def drawn():
    tracks = make_tracks(60)
    tracks.loc["t00000", "name"] = HOSTILE
    return tracks, map_points(tracks, method="pca").frame


def test_one_series_a_group_and_its_ids_beside_it(drawn):
    tracks, points = drawn
    groups = {"first": ["t00000", "t00001"], "second": ["t00001", "t00002"]}
    option, ids = map_option(tracks, points, groups)
    assert ids["first"] == ["t00000", "t00001"]
    assert ids["second"] == ["t00002"]
    assert len(ids[OTHERS]) == 57
    for series in option["series"]:
        assert len(series["data"]) == len(ids[series["name"]])


def test_options_are_json_and_the_same_each_time(drawn):
    first, again = (json.dumps(map_option(*drawn, {"a": ["t00000"]})[0]) for _ in range(2))
    assert first == again


def test_many_points_are_drawn_in_the_fast_mode():
    tracks = make_tracks(5_000)
    option, _ = map_option(tracks, map_points(tracks, method="pca").frame, {})
    assert all(series["large"] for series in option["series"])


def test_the_page_is_one_file_without_any_address_to_load_from(drawn):
    page = map_html(*drawn, {"<i>evil</i>": ["t00000"]}, title="<script>x</script>")
    assert "plotly" in page[:5_000].lower() or len(page) > 1_000_000
    assert "<script src" not in page
    assert "<script>alert(1)" not in page
    assert "<title>&lt;script&gt;" in page


def test_markup_in_names_is_not_read_by_plotly(drawn):
    trace = map_figure(*drawn, {"g": ["t00000"]}).data[0]
    assert "<" not in trace.text[0]
    assert "%{" not in trace.text[0]


def test_a_radar_shows_what_is_said():
    figure = radar(Vibe.of({"energy": 0.9, "valence": 0.1}, origin="two features"))
    assert list(figure.data[1].theta) == ["energy", "valence", "energy"]
    assert len(figure.data[0].theta) == 10


def test_a_distribution_adds_up(tracks):
    bars = distribution(tracks, "tempo").data[0]
    assert sum(bars.y) == pytest.approx(100)


def test_a_feature_nobody_knows_has_an_empty_distribution():
    assert sum(distribution(make_tracks(20, features=False), "energy").data[0].y) == 0


def test_two_vibes_can_be_compared(tracks):
    a, b = vibe_of_tracks(tracks.iloc[:5], "a"), vibe_of_tracks(tracks.iloc[5:10], "b")
    assert [trace.name for trace in radar(a, b).data] == ["b", "a"]
