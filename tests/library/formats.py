"""One small, valid, invented file of every format that is read; the fuzz test mutates them."""

from __future__ import annotations

import json
from typing import Any

from tests.library.files import CLASSIC, NEW, OLD, csv_bytes, gzipped, row, track_id, zipped

PRIVATE = {
    "username": "PRIVATE-someone", "platform": "PRIVATE-phone", "conn_country": "PRIVATE-land",
    "ip_addr": "PRIVATE-1.2.3.4", "ip_addr_decrypted": "PRIVATE-1.2.3.4", "city": "PRIVATE-town",
    "user_agent_decrypted": "PRIVATE-agent", "region": "PRIVATE-region",
}  # fmt: skip


def stream(n: int, **given: Any) -> dict[str, Any]:
    """One object of the extended streaming history."""
    return {
        "ts": f"2024-0{n % 9 + 1}-1{n % 10}T{n % 24:02d}:30:41Z",
        **PRIVATE,
        "ms_played": 200_000 + n,
        "master_metadata_track_name": f"Song {n}",
        "master_metadata_album_artist_name": f"Band {n % 7}",
        "master_metadata_album_album_name": f"Album {n % 9}",
        "spotify_track_uri": f"spotify:track:{track_id(n)}",
        "episode_name": None, "episode_show_name": None, "spotify_episode_uri": None,
        "audiobook_title": None, "audiobook_uri": None, "audiobook_chapter_uri": None,
        "reason_start": "trackdone", "reason_end": "trackdone", "shuffle": False, "skipped": False,
        "offline": False, "offline_timestamp": 1_700_000_000, "incognito_mode": False, **given,
    }  # fmt: skip


def minute_stream(n: int, **given: Any) -> dict[str, Any]:
    """The same play as `stream` tells it, in the account data."""
    return {
        "endTime": f"2024-0{n % 9 + 1}-1{n % 10} {n % 24:02d}:30",
        "artistName": f"Band {n % 7}",
        "trackName": f"Song {n}",
        "msPlayed": 200_000 + n,
        **given,
    }


def saved(n: int) -> dict[str, Any]:
    """One saved track of `YourLibrary.json`."""
    return {"artist": f"Band {n % 7}", "album": f"Album {n % 9}", "track": f"Song {n}",
            "uri": f"spotify:track:{track_id(n)}"}  # fmt: skip


def placed(n: int) -> dict[str, Any]:
    """One item of a playlist in `Playlist1.json`."""
    return {
        "track": {"trackName": f"Song {n}", "artistName": f"Band {n % 7}",
                  "albumName": f"Album {n % 9}", "trackUri": f"spotify:track:{track_id(n)}"},
        "episode": None, "localTrack": None, "addedDate": "2026-01-01",
    }  # fmt: skip


def as_json(document: Any) -> bytes:
    """A document as the exports write it."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def your_library(n: int = 4) -> bytes:
    """`YourLibrary.json`, with things in it that are no tracks."""
    return as_json(
        {
            "tracks": [saved(k) for k in range(n)],
            "albums": [{"artist": "Band 1", "album": "Album 1", "uri": "spotify:album:x"}],
            "shows": [{"name": "Talk", "publisher": "P", "uri": "spotify:show:x"}],
            "episodes": [], "bannedTracks": [], "artists": [{"name": "Band 1", "uri": "x"}],
            "bannedArtists": [], "other": [],
        }
    )  # fmt: skip


def playlists(*names: str, n: int = 3) -> bytes:
    """`Playlist1.json` with these playlists, each with an episode and a track that is gone."""
    gone = {"track": None, "episode": None, "localTrack": None, "addedDate": "2026-01-02"}
    talk = {"track": None, "episode": {"episodeName": "Talk", "showName": "Pod"}, "addedDate": None}
    return as_json(
        {
            "playlists": [
                {"name": name, "lastModifiedDate": "2026-01-02", "description": None,
                 "numberOfFollowers": 0, "items": [*(placed(k) for k in range(n)), talk, gone]}
                for name in names
            ]
        }
    )  # fmt: skip


def catalogue_csv(header: str, **given: str) -> bytes:
    """Three rows of a catalogue with this header."""
    titles = header.split(",")
    rows = []
    for n in range(3):
        values = {
            "id": track_id(n), "track_id": track_id(n), "name": f"Song {n}",
            "track_name": f"Song {n}", "artists": f"Band {n % 7}", "track_artist": f"Band {n % 7}",
            "album": "Album", "album_name": "Album", "track_album_name": "Album",
            "track_genre": "dub", "year": "2007", "release_date": "2007-03-01",
            "track_album_release_date": "2007-03", "duration_ms": "200000", "popularity": "40",
            "track_popularity": "40", "explicit": "False", "key": "9", "mode": "1",
            "time_signature": "4", "tempo": "120.5", "loudness": "-7.5",
            "playlist_name": "Road trip", "playlist_genre": "rock", **given,
        }  # fmt: skip
        rows.append([values.get(title, "0.5") for title in titles])
    return csv_bytes(rows, titles, mark=False)


_FEATURES = (
    "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,"
    "valence,tempo"
)
CATALOGUES = {
    "dataset": f",track_id,artists,album_name,track_name,popularity,duration_ms,explicit,"
    f"{_FEATURES},time_signature,track_genre",
    "tracks_features": "id,name,album,album_id,artists,artist_ids,track_number,disc_number,"
    f"explicit,{_FEATURES},duration_ms,time_signature,year,release_date",
    "data": "valence,year,acousticness,artists,danceability,duration_ms,energy,explicit,id,"
    "instrumentalness,key,liveness,loudness,mode,name,popularity,release_date,speechiness,tempo",
    "tracks": "id,name,popularity,duration_ms,explicit,artists,id_artists,release_date,"
    f"{_FEATURES},time_signature",
    "spotify_songs": "track_id,track_name,track_artist,track_popularity,track_album_id,"
    "track_album_name,track_album_release_date,playlist_name,playlist_id,playlist_genre,"
    f"playlist_subgenre,{_FEATURES},duration_ms",
}
TUNEMYMUSIC = (
    b"Track name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id\n"
    b"Song 1,Band 1,Album,Road trip,Playlist,XX0000000001,\n"
    b"Band 2 - Song 2,,,Road trip,Playlist,,\n"
    b"Song 3,Band 3,Album,,Favorite,XX0000000003,\n"
)
SOUNDIIZ = b"title;artist;album;isrc\nSong 1;Band 1;Album 1;XX0000000001\nSong 2;Band 2;Album 2;\n"

FORMATS: dict[str, bytes] = {
    "exportify new": csv_bytes([row(n) for n in range(3)]),
    "exportify old": csv_bytes([row(n, OLD) for n in range(3)], OLD),
    "exportify classic": csv_bytes([row(n, CLASSIC) for n in range(3)], CLASSIC),
    "exportify zip": zipped({"a.csv": csv_bytes([row(1)]), "Liked_Songs.csv": csv_bytes([row(2)])}),
    "exportify gzip": gzipped(csv_bytes([row(1)], NEW)),
    "your library": your_library(),
    "playlists": playlists("Road trip", "Gym"),
    "extended history": as_json([stream(n) for n in range(3)]),
    "account history": as_json([minute_stream(n) for n in range(3)]),
    "tunemymusic": TUNEMYMUSIC,
    "soundiiz": SOUNDIIZ,
    "any tsv": b"Titel\tInterpret\tJahr\nLied\tKapelle\t1999\n",
    **{f"catalogue {name}": catalogue_csv(header) for name, header in CATALOGUES.items()},
}
