"""The walk in the terminal: import, map, recommend, roast, band, play."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from library.how_to import GUIDES
from studio import services
from studio.settings import settings
from tests import hostile
from tests.library.files import CLASSIC, csv_bytes, row
from tests.library.formats import FORMATS
from tests.library.reccobeats_server import serving
from tests.library.test_candidates import HEADER, line


@pytest.fixture(autouse=True)
def _fresh_services():
    """Each test has its own home, so the services that hold it are made anew."""
    for cached in (settings, services.store, services.jobs):
        cached.cache_clear()
    yield
    services.store.cache_clear()
    settings.cache_clear()


def ghostnotes(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, (done.output, done.exception)
    return done.stdout if code == 0 else done.stderr


def walk(tmp_path: Path, *source: object) -> dict[str, str]:
    """Every command once; what each printed."""
    page, sound = tmp_path / "map.html", tmp_path / "x.wav"
    said = {
        "map": ghostnotes("map", "--out", page, *source),
        "recommend": ghostnotes("recommend", "-n", 5, "--json", *source),
        "roast": ghostnotes("roast", *source),
        "band": ghostnotes("band", "--wav", sound, "--json", *source),
    }
    assert page.stat().st_size > 10_000
    with wave.open(str(sound)) as file:
        assert file.getnchannels() == 2
        assert file.getnframes() / file.getframerate() > 4
    return said


def test_without_an_import_the_walk_is_on_the_invented_library(tmp_path):
    said = walk(tmp_path)
    assert len(json.loads(said["recommend"])) == 5
    assert json.loads(said["band"])["fictional"] is True


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    [
        "exportify_library_1.csv.gz",
        "exportify_library_2.csv.gz",
        "exportify_classic_library_5.csv.gz",
    ],
)
def test_the_whole_walk_on_a_real_export(name, tmp_path, data_folder):
    report = json.loads(ghostnotes("import", data_folder / name, "--json"))
    assert report["n_read"] == report["n_kept"] + report["n_merged"] + len(report["rejections"])
    assert report["n_kept"] > 500
    said = walk(tmp_path)
    rows = json.loads(said["recommend"])
    for one in rows:
        assert one["score"] == pytest.approx(sum(one["parts"].values()), abs=1e-6)


def test_reading_a_file_twice_changes_nothing(tmp_path):
    file = hostile.exportify(tmp_path / "mine.csv")
    first = ghostnotes("import", file)
    again = ghostnotes("import", file)
    assert first.splitlines()[-1] == again.splitlines()[-1]


def test_the_walk_survives_hostile_names(tmp_path):
    file = hostile.exportify(tmp_path / "hostile.csv")
    said = walk(tmp_path, "--from", file)
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "\x1b" not in said["roast"] + said["map"]


@pytest.mark.parametrize("command", ["import", "map", "recommend", "roast", "band"])
def test_a_bad_file_is_one_sentence_and_changes_nothing(command, tmp_path):
    good = hostile.exportify(tmp_path / "mine.csv")
    ghostnotes("import", good)
    before = services.store().load_library(services.ME)
    for path in hostile.bad_files(tmp_path, megabytes=50 if command == "import" else 1).values():
        words = ["import", path] if command == "import" else [command, "--from", path]
        said = ghostnotes(*words, code=1)
        assert path.name in said.replace("\n", "")
        assert "Traceback" not in said
    after = services.store().load_library(services.ME)
    assert before.tracks.equals(after.tracks)


def test_the_same_seed_gives_the_same_sound_and_another_another(tmp_path):
    sounds = []
    for seed in (1, 1, 2):
        path = tmp_path / "x.wav"
        ghostnotes("play", "rainy egyptian night", "--out", path, "--seed", seed)
        sounds.append(path.read_bytes())
    assert sounds[0] == sounds[1] != sounds[2]


def test_what_a_sentence_wants_around_the_music_is_played(tmp_path):
    said = ghostnotes("play", "techno in the rain", "--out", tmp_path / "x.wav", "--json")
    assert json.loads(said)["config"]["ambience"] == "rain"


@pytest.mark.parametrize("sentence", ["", "   ", "x" * 10_000])
def test_a_sentence_that_is_none_is_refused(sentence, tmp_path):
    said = ghostnotes("play", sentence, "--out", tmp_path / "x.wav", code=1)
    assert said.strip()
    assert not (tmp_path / "x.wav").exists()


def test_an_unknown_playlist_names_some_that_are_there():
    said = ghostnotes("recommend", "--playlist", "no such list", code=1)
    assert "There is no playlist called 'no such list'; there are '" in said.replace("\n", " ")


def test_help_lists_every_command():
    said = ghostnotes("--help")
    for command in ("import", "map", "recommend", "roast", "band", "play", "backup", "restore",
                    "export", "forget", "features", "catalogue", "how"):  # fmt: skip
        assert command in said


def test_a_backup_brings_everything_back_and_forget_leaves_nothing(tmp_path):
    ghostnotes("import", hostile.exportify(tmp_path / "mine.csv"))
    saved = ghostnotes("backup", tmp_path / "all.backup").strip().replace("\n", "")
    before = services.store().load_library(services.ME)
    ghostnotes("forget", "--yes")
    assert services.store().load_library(services.ME) is None
    ghostnotes("restore", saved)
    assert services.store().load_library(services.ME).tracks.equals(before.tracks)


def test_forget_says_what_went_and_that_it_looked_again(tmp_path):
    ghostnotes("import", hostile.exportify(tmp_path / "mine.csv"))
    assert ghostnotes("forget", "--yes").endswith("Looked again: nothing is left.\n")
    assert "nothing was here" in ghostnotes("forget", "--yes")
    assert ghostnotes("export", tmp_path / "out", code=1) == "There is nothing to export yet.\n"


def test_a_restore_over_something_asks_first(tmp_path):
    ghostnotes("import", hostile.exportify(tmp_path / "mine.csv"))
    saved = ghostnotes("backup", tmp_path / "all.zip").strip()
    before = services.store().revision(services.ME)
    ghostnotes("restore", saved, code=1)  # nobody is there to say yes
    assert services.store().revision(services.ME) == before
    assert "rows are back" in ghostnotes("restore", saved, "--yes")


@pytest.mark.parametrize("command", ["import", "restore", "averages"])
def test_a_file_that_is_not_there_is_one_sentence(command, tmp_path):
    said = ghostnotes(command, tmp_path / "no such thing", code=1)
    assert said.startswith("There is no f")


def test_several_files_and_a_folder_come_in_at_once(tmp_path):
    folder = tmp_path / "my_spotify_data"
    folder.mkdir()
    (folder / "YourLibrary.json").write_bytes(FORMATS["your library"])
    (folder / "endsong_0.json").write_bytes(FORMATS["extended history"])
    more = hostile.exportify(tmp_path / "mine.csv")
    said = json.loads(ghostnotes("import", folder, more, "--json"))
    assert said["n_read"] == said["n_kept"] + said["n_merged"] + said["n_rejected"]
    assert said["plays"] == 3
    assert said["features"].startswith("Features for 24 of 24")


def test_a_catalogue_gives_features_and_new_tracks(tmp_path):
    bare, table = tmp_path / "liked.csv", tmp_path / "dataset.csv"
    bare.write_bytes(csv_bytes([row(n, CLASSIC) for n in range(9)], CLASSIC))
    table.write_bytes(csv_bytes([line(n) for n in range(60)], HEADER))
    ghostnotes("import", bare)
    assert "Features for 9 of 9 tracks: 9 from a catalogue." in ghostnotes(
        "catalogue", "add", table
    )
    assert "dataset.csv: 60 tracks" in ghostnotes("catalogue", "list")
    rows = json.loads(ghostnotes("recommend", "-n", 5, "--catalogue", "dataset", "--json"))
    titles = {row["name"] for row in rows}
    assert len(titles) == 5
    assert titles.isdisjoint({f"Song {n}" for n in range(9)})
    assert "is gone" in ghostnotes("catalogue", "remove", "dataset")
    assert "no catalogue called" in ghostnotes("recommend", "--catalogue", "dataset", code=1)
    assert "no table of audio features" in ghostnotes("catalogue", "add", bare, code=1)


def test_estimates_are_switched_in_the_terminal_too(tmp_path):
    known = [row(n, Genres="dub", **{"Artist Name(s)": "The Damp"}) for n in range(20)]
    bare = [row(n, CLASSIC, **{"Artist Name(s)": "The Damp"}) for n in range(20, 25)]
    (tmp_path / "a.csv").write_bytes(csv_bytes(known))
    (tmp_path / "b.csv").write_bytes(csv_bytes(bare, CLASSIC))
    ghostnotes("import", tmp_path / "a.csv", tmp_path / "b.csv")
    assert "20 own, 5 estimated." in ghostnotes("features", "--estimate")
    assert "20 of 25 tracks: 20 own." in ghostnotes("features", "--no-estimate")


def test_reccobeats_says_first_what_it_would_get(tmp_path, monkeypatch):
    with serving() as server:
        monkeypatch.setenv("GHOSTNOTES_RECCOBEATS_URL", server.url)
        settings.cache_clear()
        (tmp_path / "b.csv").write_bytes(csv_bytes([row(n, CLASSIC) for n in range(50)], CLASSIC))
        ghostnotes("import", tmp_path / "b.csv")
        said = ghostnotes("features", "--reccobeats", code=1)  # nobody is there to say yes
        assert "would receive 50 Spotify track ids" in said
        assert server.calls == []
        assert "50 from ReccoBeats" in ghostnotes("features", "--reccobeats", "--yes")


def test_averages_of_tables_one_holds_make_estimates_possible(tmp_path):
    table = tmp_path / "tables" / "dataset.csv"
    table.parent.mkdir()
    table.write_bytes(csv_bytes([line(n) for n in range(60)], HEADER))
    (tmp_path / "b.csv").write_bytes(csv_bytes([row(n, CLASSIC) for n in range(9)], CLASSIC))
    ghostnotes("import", tmp_path / "b.csv")
    assert "No audio features" in ghostnotes("features", "--estimate")
    assert "averages are kept" in ghostnotes("averages", table.parent)
    assert "9 estimated" in ghostnotes("features", "--estimate")


def test_every_guide_is_told_in_the_terminal():
    said = ghostnotes("how")
    assert all(guide.name in said for guide in GUIDES)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_export_is_files_any_program_reads(kind, tmp_path):
    ghostnotes("import", hostile.exportify(tmp_path / "mine.csv"))
    files = json.loads(ghostnotes("export", tmp_path / "out", "--format", kind, "--json"))["files"]
    assert files
    assert all(Path(file).stat().st_size for file in files)


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_a_piece_of_an_exact_length_in_any_format(suffix, tmp_path):
    file = tmp_path / f"x.{suffix}"
    said = json.loads(ghostnotes("play", "sad waltz", "--seconds", 7, "--out", file, "--json"))
    assert said["seconds"] == pytest.approx(7, abs=0.01)
    assert file.stat().st_size > 10_000


def test_a_sentence_becomes_a_playlist_file(tmp_path):
    file = tmp_path / "calm.m3u8"
    said = json.loads(ghostnotes("playlist", "ten calm jazz songs", "--out", file, "--json"))
    assert len(said["tracks"]) == 10
    assert all(track["because"] for track in said["tracks"])
    assert file.read_text(encoding="utf-8").startswith("#EXTM3U\n")


def test_a_playlist_is_refined_line_by_line(monkeypatch):
    said = CliRunner().invoke(
        app, ["playlist", "ten calm songs", "--talk"], input="only five of them\nundo\n\n"
    )
    assert said.exit_code == 0, said.output
    lengths = [line.split()[0] for line in said.stdout.splitlines() if " minutes." in line]
    assert lengths == ["10", "5", "10"]
    assert "0 come, 5 go, 5 stay" in said.stdout


def test_follow_ups_in_the_command_line_are_the_same_as_in_talk():
    said = json.loads(
        ghostnotes("playlist", "ten calm songs", "--refine", "only five of them", "--json")
    )
    assert len(said["tracks"]) == 5
    assert "calm" in said["rules"]


def test_a_kept_playlist_is_on_the_pages_shelf():
    from studio import history

    ghostnotes("playlist", "ten calm songs", "--keep")
    (kept,) = history.kept(services.ME)
    assert len(kept.tracks) == 10


def test_creating_without_a_client_id_says_what_to_do():
    said = ghostnotes("playlist", "ten calm songs", "--create", code=1)
    assert "nothing to save" in said.replace("\n", " ")  # invented tracks are not on Spotify


def test_the_recommender_is_measured_on_the_listeners_own_playlists():
    said = json.loads(ghostnotes("evaluate", "--json"))
    low, high = said["interval"]
    assert 0 <= low <= said["ndcg100"] <= high <= 1
    assert said["ndcg100"] > 0.1
