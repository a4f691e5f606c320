"""The Library page takes whatever one has, tells what became of it, and asks before it sends."""

from __future__ import annotations

import pytest

from library.report import ImportReport
from pages.parts import import_box
from studio import catalogues, imports, services
from studio.settings import settings
from tests.library.files import CLASSIC, csv_bytes, row
from tests.library.formats import CATALOGUES, as_json, catalogue_csv, stream, your_library
from tests.library.reccobeats_server import serving
from tests.pages.conftest import text_of

LIBRARY = "pages/library.py"


def press(app, label):
    next(b for b in app.button if b.label == label).click()
    return app.run()


def ended(app):
    """The page after the work in the background is done."""
    if (job := services.jobs().find(f"import-{services.ME}")) is not None:
        job.future.exception(30)
        app.run()
    return app


def bring(app, *files: tuple[str, bytes]):
    app.file_uploader[0].set_value([(name, data, "text/plain") for name, data in files])
    return ended(press(app, "Import"))


def sum_of(app) -> str:
    return "\n".join(success.value for success in app.success)


def test_several_files_come_in_together_and_the_sum_is_shown(visit):
    app = bring(
        visit(LIBRARY),
        ("Streaming_History_Audio_0.json", as_json([stream(n) for n in range(5)])),
        ("YourLibrary.json", your_library()),
        ("Payments.json", b'{"card": "secret"}'),
    )
    assert not app.exception
    assert "12 rows read = 9 kept + 0 merged + 3 rejected." in sum_of(app)
    said = text_of(app)
    assert "Payments\\.json was left out" in said
    assert "1 × a saved album, not a track" in said.replace("\\", "")
    assert "secret" not in said
    assert "who is invented" not in said


def test_a_file_or_folder_on_this_machine_is_read_where_it_lies(visit, tmp_path):
    (tmp_path / "Liked_Songs.csv").write_bytes(csv_bytes([row(n) for n in range(3)]))
    app = visit(LIBRARY)
    next(t for t in app.text_input if "on this machine" in t.label).input(str(tmp_path))
    app = ended(press(app, "Import"))
    assert "3 rows read = 3 kept" in sum_of(app)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.csv", b"", "empty.csv is empty."),
        ("photo.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "is no text file"),
        ("shopping.csv", b"what,how many\nmilk,2\n", "is none of the files we know"),
        ("cut.json", as_json([stream(n) for n in range(9)])[:2000], "ends in the middle"),
        ("cut.zip", b"PK\x03\x04" + bytes(50), "cannot be read"),
    ],
)
def test_a_bad_file_is_one_sentence_with_its_name(visit, name, data, said):
    app = bring(visit(LIBRARY), (name, data))
    assert not app.exception
    (error,) = app.error
    assert said in error.value.replace("\\", "")
    assert name in error.value.replace("\\", "")
    assert services.store().load_library(services.ME) is None


def test_nothing_chosen_is_said(visit):
    app = press(visit(LIBRARY), "Import")
    assert "Choose a file first" in app.info[0].value


def test_a_visitor_who_comes_while_it_runs_finds_the_bar_and_may_stop_it(visit, monkeypatch):
    import threading

    gate = threading.Event()

    def slow(progress):
        progress(0.4, "Reading history_3.json")
        gate.wait(20)
        progress(0.5)

    services.jobs().restart(f"import-{services.ME}", slow)
    app = visit(LIBRARY)
    assert "Reading your music" in text_of(app)
    assert not [b for b in app.button if b.label == "Import"]
    press(app, "Cancel")
    gate.set()
    app = ended(app)
    assert "nothing was changed" in app.info[0].value
    assert [b for b in app.button if b.label == "Import"]


def test_an_import_that_ended_elsewhere_is_in_view(visit):
    app = visit("pages/home.py")
    services.jobs().restart(
        f"import-{services.ME}",
        lambda progress: imports.import_files(
            services.ME, [csv_bytes([row(n) for n in range(30)])], None, progress
        ),
    )
    app = ended(app)
    assert not app.exception
    assert "30" in [metric.value for metric in app.metric]


def test_a_catalogue_is_added_and_can_be_removed(visit):
    bare = csv_bytes([row(n, CLASSIC) for n in range(4)], CLASSIC)
    app = bring(visit(LIBRARY), ("Liked_Songs.csv", bare))
    app = bring(app, ("tracks.csv", catalogue_csv(CATALOGUES["tracks"])))
    assert "tracks\\.csv, a catalogue: 3 rows read = 3 kept" in sum_of(app)
    assert "Features for 3 of 4 tracks: 3 from a catalogue." in text_of(app)
    press(app, "Remove")
    assert catalogues.held() == []


def test_reccobeats_is_asked_only_after_it_was_said_what_it_would_get(visit, monkeypatch):
    with serving() as server:
        monkeypatch.setenv("GHOSTNOTES_RECCOBEATS_URL", server.url)
        settings.cache_clear()
        bare = csv_bytes([row(n, CLASSIC) for n in range(50)], CLASSIC)
        app = bring(visit(LIBRARY), ("Liked_Songs.csv", bare))
        toggle = next(t for t in app.toggle if t.label.startswith("Ask 127"))
        assert toggle.value is False
        app = toggle.set_value(True).run()
        (told,) = [i.value.replace("\\", "") for i in app.info]
        assert "127.0.0.1 would receive 50 Spotify track ids in 2 calls" in told
        assert server.calls == []
        app = ended(press(app, "Send 50 track ids to 127\\.0\\.0\\.1"))
        assert sum(map(len, server.calls)) == 50
        assert "Features for 50 of 50 tracks: 50 from ReccoBeats." in text_of(app)


def test_estimates_are_a_switch(visit):
    known = [row(n, Genres="dub", **{"Artist Name(s)": "The Damp"}) for n in range(20)]
    bare = [row(n, CLASSIC, **{"Artist Name(s)": "The Damp"}) for n in range(20, 25)]
    app = bring(visit(LIBRARY), ("a.csv", csv_bytes(known)), ("b.csv", csv_bytes(bare, CLASSIC)))
    toggle = next(t for t in app.toggle if t.label.startswith("Estimate"))
    assert "(5 tracks can be)" in toggle.label
    app = toggle.set_value(True).run()
    assert not app.exception
    assert "Features for 25 of 25 tracks: 20 own, 5 estimated." in text_of(app)
    app = visit("pages/map.py")
    assert not app.exception
    assert "hollow" in text_of(app)


def test_plays_are_shown_on_the_visitors_clock(visit, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    app = bring(visit(LIBRARY), ("h.json", as_json([stream(n) for n in range(5)])))
    assert "times are those of Asia/Tokyo" in text_of(app)


def test_deleting_takes_catalogues_too(visit):
    app = bring(
        visit(LIBRARY),
        ("Liked_Songs.csv", csv_bytes([row(0)])),
        ("tracks.csv", catalogue_csv(CATALOGUES["tracks"])),
    )
    press(app, "Delete everything")
    assert services.store().owners() == []
    assert catalogues.held() == []


def test_a_long_report_is_shown_in_part_and_summed_in_full(visit):
    rows = [[""] * 24 if n % 2 else row(n) for n in range(3_000)]
    app = bring(visit(LIBRARY), ("Liked_Songs.csv", csv_bytes(rows)))
    assert not app.exception
    report = app.session_state[import_box.REPORT].report
    assert isinstance(report, ImportReport)
    assert report.adds_up
    assert report.n_rejected == 1_500
    assert "The first 1,000 of 1,500." in text_of(app)


def test_on_a_server_for_strangers_everything_stays_with_the_visitor(visit, monkeypatch):
    monkeypatch.setenv("GHOSTNOTES_HOSTED", "1")
    settings.cache_clear()
    known = [row(n, Genres="dub", **{"Artist Name(s)": "The Damp"}) for n in range(20)]
    bare = [row(n, CLASSIC, **{"Artist Name(s)": "The Damp"}) for n in range(20, 25)]
    app = visit(LIBRARY)
    assert not [t for t in app.text_input if "on this machine" in t.label]
    owner = app.session_state["state.owner"]
    app.file_uploader[0].set_value(
        [("a.csv", csv_bytes(known), "text/csv"), ("b.csv", csv_bytes(bare, CLASSIC), "text/csv")]
    )
    press(app, "Import")
    if (job := services.jobs().find(f"import-{owner}")) is not None:
        job.future.exception(30)
        app.run()
    assert "25 rows read = 25 kept" in sum_of(app)
    toggle = next(t for t in app.toggle if t.label.startswith("Estimate"))
    app = toggle.set_value(True).run()
    assert not app.exception
    assert "20 own, 5 estimated." in text_of(app)
    assert services.store().load_library(owner) is None
    assert not settings().home.exists() or not list(settings().home.iterdir())
