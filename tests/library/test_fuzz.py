"""Whatever a file holds, importing it gives a library that adds up, or one sentence.

20,000 mutations of every format under ``GHOSTNOTES_PROOF=1``, 400 otherwise: files cut off, bytes
changed, added and repeated, wrong encodings, NUL bytes, names said twice, numbers without end,
nesting without end, archives in archives with path names in them, formats glued together.
"""

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from library.importing import read_any
from library.store_frames import to_bytes
from music.errors import InputError
from tests.library.files import gzipped, zipped
from tests.library.formats import FORMATS

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
N = 20_000 if PROOF else 400

TOKENS = (
    b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b'"', b"'", b",", b";", b"\n", b"\r", b"\t",
    b"{", b"}", b"[", b"]", b":", b"null", b"true", b"NaN", b"-1", b"1e999", b"9" * 5_000,
    b"[" * 3_000, b'{"a":' * 2_000, b"undefined", b"\\ud800", b"\\u0000", b"<script>", b"=cmd()",
    b"x" * 10_000, "\u202e\u0000\uffff".encode(), "ﷺ日本".encode(), b"spotify:track:",
    b"spotify:episode:x", b"0000-00-00", b"99999-13-45T99:99:99Z", b'"ts":', b'"tracks":',
    b"../../../evil", b"[__import__('os').system('x')]", b"PK\x03\x04", b"\x1f\x8b",
)  # fmt: skip


def cut(data, rng):
    return data[: rng.randrange(len(data) + 1)]


def behead(data, rng):
    return data[rng.randrange(len(data) + 1) :]


def remove(data, rng):
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(1, 60) :]


def insert(data, rng):
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(TOKENS) + data[at:]


def overwrite(data, rng):
    at, token = rng.randrange(len(data) + 1), rng.choice(TOKENS)
    return data[:at] + token + data[at + len(token) :]


def flip(data, rng):
    out = bytearray(data)
    for _ in range(rng.randrange(1, 6)):
        if out:
            out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def repeat(data, rng):
    a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:b] + data[a:b] * rng.randrange(1, 4) + data[b:]


def swap_lines(data, rng):
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def reencode(data, rng):
    text = data.decode("utf-8", "replace")
    return text.encode(rng.choice(["utf-16", "utf-16-le", "utf-32", "latin-1", "cp037"]), "replace")


def glue(data, rng):
    return data + rng.choice(list(FORMATS.values()))


def pack(data, rng):
    name = rng.choice(
        ["a.csv", "../../evil.csv", "/etc/evil", "C:\\evil", "x" * 300, " ", ".hidden"]
    )
    other = rng.choice(list(FORMATS.values()))
    return rng.choice([gzipped(data), zipped({name: data, "b.json": other})])


MUTATIONS = (
    cut, behead, remove, insert, overwrite, flip, repeat, swap_lines, reencode, glue, pack,
)  # fmt: skip


def mutated(name, seed, n):
    rng = random.Random(seed)  # noqa: S311 - dice, not secrets
    data = FORMATS[name]
    for _ in range(n):
        data = rng.choice(MUTATIONS)(data, rng)
    return data


@pytest.mark.parametrize("name", FORMATS)
def test_the_unchanged_file_is_read(name):
    library, report = read_any(FORMATS[name])
    assert report.adds_up
    assert report.n_kept > 0
    assert len(library) > 0


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory):
    """A working directory of its own, so that a stray write would be seen."""
    folder, before = tmp_path_factory.mktemp("nowhere"), Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(before)


@pytest.mark.proof
@pytest.mark.timeout(3600)  # twenty thousand take seven minutes of a processor
@settings(
    max_examples=N, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(
    name=st.sampled_from(sorted(FORMATS)),
    seed=st.integers(0, 2**32),
    n=st.integers(1, 4),
)
@example(name="extended history", seed=0, n=4)
def test_no_mutation_gets_through(nowhere, name, seed, n):
    data = mutated(name, seed, n)
    sentence = imported(data)
    assert sentence is None or (sentence.strip() and "\n" not in sentence)
    assert list(nowhere.iterdir()) == []


def imported(data):
    """Import it and check what came; or the sentence that says why not."""
    try:
        library, report = read_any(data)
    except InputError as error:
        return str(error)
    assert report.adds_up, str(report)
    assert library.entries["track_id"].isin(library.tracks.index).all()
    assert library.plays["track_id"].isin(library.tracks.index).all()
    to_bytes(library.tracks)  # what was imported can be kept
    return None
