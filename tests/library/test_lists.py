"""Lists of other tools, and any table with a title and an artist, become a library."""

import pytest

from library.importing import read_any
from music.errors import InputError
from tests.library.files import HOSTILE, csv_bytes, track_id
from tests.library.formats import SOUNDIIZ, TUNEMYMUSIC


def test_tunemymusic_has_playlists_favourites_and_videos():
    library, report = read_any(TUNEMYMUSIC)
    assert report.adds_up
    assert library.playlists["name"].tolist() == ["Road trip", "Liked songs"]
    assert library.tracks[["name", "artists"]].to_numpy().tolist() == [
        ["Song 1", "Band 1"], ["Song 2", "Band 2"], ["Song 3", "Band 3"],
    ]  # fmt: skip
    assert library.tracks["isrc"].tolist()[0] == "XX0000000001"


def test_soundiiz_parts_by_semicolons(tmp_path):
    path = tmp_path / "My list.csv"
    path.write_bytes(SOUNDIIZ)
    library, _ = read_any(path)
    assert library.playlists["name"].tolist() == ["My list"]
    assert library.tracks["artists"].tolist() == ["Band 1", "Band 2"]


@pytest.mark.parametrize(
    "text",
    [
        "Titel\tInterpret\nLied\tKapelle\n",
        "artist,song\nKapelle,Lied\n",
        "曲名,アーティスト\nLied,Kapelle\n",
        "Nr;Titre;Artiste\n1;Lied;Kapelle\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_table_with_a_title_and_an_artist(text, encoding):
    library, _ = read_any(text.encode(encoding))
    assert library.tracks[["name", "artists"]].to_numpy().tolist() == [["Lied", "Kapelle"]]


def test_a_column_of_links_is_enough():
    rows = "\n".join(f"{n},https://open.spotify.com/track/{track_id(n)}" for n in range(3))
    library, report = read_any(f"rank,where\n{rows}\n".encode())
    assert report.n_kept == 3
    assert library.tracks.index.tolist() == [track_id(n) for n in range(3)]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_data(name):
    library, _ = read_any(csv_bytes([[name, "Band"]], ["title", "artist"]))
    assert library.tracks["name"].iloc[0] == name


def test_a_list_without_a_track_says_so():
    with pytest.raises(InputError, match="no track in them"):
        read_any(b"title,artist\n,\n")
