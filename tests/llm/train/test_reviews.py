"""Reviews come with their licences, and every row that does not come has a reason."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlparse

import pytest

from llm.train.reviews import gather
from llm.train.texts import read_texts
from music.errors import InputError, ModelError


def review(k, **changes):
    return {
        "id": f"r{k}",
        "text": f"<p>Review number {k} of a record with&nbsp;{k} songs too many.</p>",
        "language": "en",
        "license": {
            "id": "CC BY-SA 3.0",
            "info_url": "https://creativecommons.org/licenses/by-sa/3.0/",
        },
        "user": {"display_name": f"Critic {k}"},
    } | changes


class Host:
    """A review server on loopback."""

    def __init__(self):
        self.reviews = [review(k) for k in range(120)]
        self.statuses: list[tuple[int, dict]] = []
        self.body: str | None = None
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                status, headers = host.statuses.pop(0) if host.statuses else (200, {})
                query = parse_qs(urlparse(self.path).query)
                begin, n = int(query["offset"][0]), int(query["limit"][0])
                page = {"count": len(host.reviews), "reviews": host.reviews[begin : begin + n]}
                data = (host.body or json.dumps(page)).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def host():
    host = Host()
    yield host
    host.server.shutdown()
    host.server.server_close()


def test_all_pages_come_and_the_counts_add_up(host, tmp_path):
    host.reviews[3] = review(3, license={"id": "CC BY-NC-SA 3.0"})
    host.reviews[4] = review(4, license=None)
    host.reviews[5] = review(5, language="de")
    host.reviews[6] = review(6, text="Meh.")
    host.reviews[7] = review(8)
    got = gather(tmp_path / "r.jsonl", 1_000, host.url, pause_s=0)
    assert (got.n_read, got.n_kept, got.complete) == (120, 115, True)
    assert got.n_read == got.n_kept + sum(got.dropped.values())
    assert set(got.dropped) == {
        "licence CC BY-NC-SA 3.0", "licence unknown", "language de", "shorter than 20 characters",
        "met before",
    }  # fmt: skip
    row = json.loads((tmp_path / "r.jsonl").read_text().splitlines()[0])
    assert row["text"] == "Review number 0 of a record with 0 songs too many."
    assert row["licence_url"].startswith("https://creativecommons.org/")
    assert (row["author"], row["source"]) == ("Critic 0", f"{host.url}/review/r0")
    assert read_texts(tmp_path / "r.jsonl", "text").n_read == 115


def test_no_more_come_than_were_asked_for(host, tmp_path):
    told = []
    got = gather(tmp_path / "r.jsonl", 7, host.url, pause_s=0, progress=told.append)
    assert (got.n_kept, got.complete, told[-1]) == (7, False, 7)


def test_a_busy_server_is_waited_for(host, tmp_path):
    host.statuses = [(429, {"Retry-After": "0"}), (503, {"Retry-After": "0"})]
    assert gather(tmp_path / "r.jsonl", 5, host.url, pause_s=0).n_kept == 5


@pytest.mark.parametrize(
    ("statuses", "body", "reason"),
    [
        ([(429, {"Retry-After": "900"})], None, "pause of 900 s"),
        ([(500, {})], None, "status 500"),
        ([], "<html>", "did not answer in JSON"),
        ([], "[]", "did not answer with an object"),
        ([], "{}", "without reviews"),
        ([], '{"count": 0, "reviews": []}', "none that could be kept"),
    ],
)
def test_a_server_that_gives_nothing_is_one_clear_sentence(host, tmp_path, statuses, body, reason):
    host.statuses, host.body = statuses, body
    with pytest.raises(ModelError, match=reason):
        gather(tmp_path / "r.jsonl", 5, host.url, pause_s=0)


def test_nobody_there_and_nothing_asked_are_told(tmp_path):
    with pytest.raises(ModelError, match="cannot be reached"):
        gather(tmp_path / "r.jsonl", 5, "http://127.0.0.1:9", pause_s=0)
    with pytest.raises(InputError, match="at least one review"):
        gather(tmp_path / "r.jsonl", 0)
