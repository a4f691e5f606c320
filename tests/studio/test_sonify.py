"""A library can be heard: a theme for each side of it, and a year as a minute."""

import numpy as np
import pandas as pd
import pytest

from music.errors import NotFoundError
from music.tracks import Library
from studio import services, sonify
from studio.listener import Listener


@pytest.fixture(scope="module")
def who() -> Listener:
    return services.demo()


@pytest.fixture(scope="module")
def year(who) -> sonify.Year:
    return sonify.year_of(who, sonify.years(who)[0])


def test_every_side_has_a_theme_and_they_differ(who):
    sides = sonify.themes(who)
    assert [side.name for side in sides] == [facet.name for facet in who.facets]
    assert len({side.vibe for side in sides}) == len(sides)


def test_the_latest_year_comes_first(who):
    assert sonify.years(who) == sorted(sonify.years(who), reverse=True)


def test_a_year_counts_its_plays_by_month(who, year):
    plays = who.library.plays
    real = plays[(plays["at"].dt.year == year.year) & (plays["played_s"] >= 30)]
    assert sum(year.plays) == real["track_id"].isin(who.library.tracks.index).sum()
    assert len(year.vibes) == 12


def test_a_year_lasts_a_minute_and_is_the_same_each_time(year):
    one, two = (sonify.minute_of(year) for _ in range(2))
    assert one.duration_s == pytest.approx(60.0, abs=0.01)
    np.testing.assert_array_equal(one.samples, two.samples)


def test_a_month_without_music_is_softer_than_a_full_one():
    vibe = services.demo().facets[0].vibe
    full = sonify.Year(2020, (500,) * 6 + (0,) * 6, (vibe,) * 12)
    samples = sonify.minute_of(full).samples
    first, last = samples[: 24 * 44_100], samples[36 * 44_100 : 58 * 44_100]
    assert np.sqrt((first**2).mean()) > 1.3 * np.sqrt((last**2).mean())


def test_a_year_of_silence_is_said(who):
    with pytest.raises(NotFoundError, match="1950"):
        sonify.year_of(who, 1950)


def test_a_library_without_plays_has_no_years_and_without_tracks_no_sides():
    nobody = Listener(Library(), key="nobody")
    assert sonify.years(nobody) == []
    assert sonify.themes(nobody) == []


def test_months_with_hardly_a_play_borrow_the_vibe_of_the_year(who):
    heard = who.library.plays.iloc[:200].assign(at=pd.Timestamp("2020-03-05", tz="UTC"))
    few = heard.iloc[:2].assign(at=pd.Timestamp("2020-05-01", tz="UTC"))
    library = Library(tracks=who.library.tracks, plays=pd.concat([heard, few]))
    found = sonify.year_of(Listener(library, key="few"), 2020)
    assert found.vibes[4] == found.vibes[11]
