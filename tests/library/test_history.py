"""Streaming histories become plays in UTC; nothing private of them is kept."""

import json

import pandas as pd
import pytest

from library.history import heard
from library.importing import read_any
from library.merging import merge
from music.errors import InputError
from tests.library.files import csv_bytes, row, track_id, zipped
from tests.library.formats import PRIVATE, as_json, minute_stream, stream


def read(*objects):
    library, report = read_any(as_json(list(objects)))
    assert report.adds_up
    return library, report


def test_the_extended_history_is_read_to_the_second():
    library, report = read(stream(1), stream(2, skipped=True, ms_played=12_000))
    assert report.n_kept == 2
    play = library.plays.iloc[0]
    assert play["track_id"] == track_id(1)
    assert str(play["at"]) == "2024-02-11 01:30:41+00:00"
    assert play["played_s"] == 200.001
    assert library.plays["skipped"].tolist() == [False, True]
    assert library.tracks.loc[track_id(1), ["name", "artists", "album"]].tolist() == [
        "Song 1", "Band 1", "Album 1",
    ]  # fmt: skip


def test_half_a_minute_is_a_play():
    library, _ = read(stream(1, ms_played=29_999), stream(2, ms_played=30_000))
    assert heard(library.plays)["track_id"].tolist() == [track_id(2)]


def test_nothing_private_reaches_a_frame():
    library, report = read(stream(1), stream(2, master_metadata_track_name=None, episode_name="x"))
    shown = "".join(
        [library.tracks.to_csv(), library.plays.to_csv(), json.dumps(report.to_dict()), str(report)]
    )
    assert "PRIVATE" not in shown
    assert len(PRIVATE) == 8


def test_the_account_history_has_minutes_and_no_ids():
    library, report = read(minute_stream(1), minute_stream(2))
    assert report.n_kept == 2
    assert library.tracks.index.str.startswith("local:").all()
    assert library.plays["skipped"].isna().all()


def test_both_histories_of_the_same_year_are_one():
    extended = as_json([stream(n) for n in range(9)])
    account = as_json([minute_stream(n) for n in range(9)])
    library, report = read_any([account, extended])
    assert report.adds_up
    assert len(library.plays) == 9
    assert library.plays["at"].dt.second.eq(41).all()
    assert not library.tracks.index.str.startswith("local:").any()
    later = merge(read_any(account)[0], read_any(extended)[0])
    pd.testing.assert_frame_equal(later.plays, library.plays)


def test_plays_find_the_tracks_of_other_files():
    own = csv_bytes([row(1), row(2)])
    library, report = read_any(zipped({"h.json": as_json([minute_stream(1)]), "mine.csv": own}))
    assert report.adds_up
    assert library.plays["track_id"].tolist() == [track_id(1)]
    assert len(library) == 2


def test_a_play_told_twice_is_merged():
    _, report = read(stream(1), stream(1), stream(2))
    assert (report.n_kept, report.n_merged) == (2, 1)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"master_metadata_track_name": None, "episode_name": "Talk"}, "a podcast episode"),
        ({"master_metadata_track_name": None, "audiobook_title": "Book"}, "an audiobook"),
        ({"master_metadata_track_name": None}, "no title and artist"),
        ({"master_metadata_track_name": 7}, "no title and artist"),
        ({"ts": "yesterday"}, "no time"),
        ({"ts": None}, "no time"),
        ({"ms_played": -5}, "no sensible length"),
        ({"ms_played": 10**15}, "no sensible length"),
        ({"ms_played": "long"}, "no sensible length"),
        ({"ms_played": True}, "no sensible length"),
    ],
)
def test_what_is_no_play_is_rejected_with_its_reason(given, reason):
    library, report = read(stream(1), stream(2, **given))
    assert len(library.plays) == 1
    assert reason in report.rejections[0].reason
    assert report.rejections[0].row == 2


def test_podcasts_of_the_account_data_are_rejected():
    talk = {"endTime": "2024-01-01 10:00", "podcastName": "P", "episodeName": "E", "msPlayed": 5}
    _, report = read(minute_stream(1), talk)
    assert report.reasons == {"a podcast episode, not a track": 1}


def test_a_skip_is_known_by_the_button_where_the_flag_is_missing():
    library, _ = read(
        stream(1, skipped=None, reason_end="fwdbtn"),
        stream(2, skipped=None, reason_end="trackdone"),
        stream(3, skipped=None, reason_end=None),
    )
    assert library.plays["skipped"].tolist()[:2] == [True, False]
    assert library.plays["skipped"].isna().iloc[2]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (as_json([stream(1), stream(2)])[:-40], "ends in the middle"),
        (b'[{"ts": "x", "ms_played": 1, "ts": "y"}]', "the same name twice"),
        (b'[{"ts": "x", "ms_played": NaN}]', "NaN is no JSON"),
        (b'[{"ts": "x", "ms_played": ' + b"[" * 100_000, "nested too deeply"),
        (b'[{"ts": "x", "ms_played": ' + b"9" * 10_000 + b"}]", "damaged JSON"),
        (b'[{"ts": "\xff", "ms_played": 1}]', "not in UTF-8"),
        (b'{"ts": 1, "ms_played": 2}', "is no JSON list"),
    ],
)
def test_a_damaged_history_is_one_sentence(data, sentence):
    with pytest.raises(InputError, match=sentence):
        read_any(data)


def test_a_long_list_is_read_piece_by_piece():
    library, report = read(*(stream(n) for n in range(4_000)))
    assert report.n_kept == len(library.plays) == 4_000


def test_a_long_history_tells_its_progress_and_can_be_stopped():
    data = as_json([stream(n) for n in range(25_000)])
    told = []
    read_any(data, lambda share, text: told.append((share, text)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert any("20,000 plays" in text for _, text in told)

    class EnoughError(Exception):
        pass

    def stop(share, text):
        if "10,000" in text:
            raise EnoughError

    with pytest.raises(EnoughError):
        read_any(data, stop)
