"""A server may misbehave in every documented way; the card is right, or the reason is told."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from llm.server import Server, usable
from llm.task import Slot, Task, problems
from music.errors import ModelError
from music.profile import Fact

FACT = Fact("one_song", "You played Help 212 times.", {"track": "Help", "n": "212"})
TASK = Task(
    "band",
    (
        Slot("name", max_chars=40),
        Slot("instrument", "choice", choices=("Oud", "bass")),
        Slot("year", "integer", low=1950, high=2025),
        Slot("bio", max_chars=160, fact=FACT),
    ),
)
GOOD = {"name": "The Damp", "instrument": "oud", "year": 1977, "bio": "Heard <track> <n> times."}
WANTED = {"name": "The Damp", "instrument": "Oud", "year": 1977, "bio": "Heard Help 212 times."}


class Host:
    """A chat server on loopback that answers whatever the test tells it."""

    def __init__(self) -> None:
        self.contents: list[str] = [json.dumps(GOOD)]
        self.raw: tuple[int, str] | None = None
        self.break_off = self.drip = False
        self.finish = "stop"
        self.requests: list[tuple[str, dict]] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                host.requests.append((self.path, body))
                status, text = host.raw or (200, host.answer(self.path))
                data = text.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data) + 50 * host.break_off))
                self.end_headers()
                try:
                    for i in range(0, len(data), 4 if host.drip else 10_000):
                        self.wfile.write(data[i : i + (4 if host.drip else 10_000)])
                        self.wfile.flush()
                        if host.drip:
                            time.sleep(0.05)
                except OSError:
                    pass  # the client has had enough

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, path: str) -> str:
        content = self.contents[min(len(self.requests), len(self.contents)) - 1]
        message = {"role": "assistant", "content": content}
        if path == "/api/chat":
            return json.dumps({"message": message, "done_reason": self.finish})
        return json.dumps({"choices": [{"message": message, "finish_reason": self.finish}]})


@pytest.fixture
def host():
    host = Host()
    yield host
    host.server.shutdown()
    host.server.server_close()


@pytest.mark.parametrize("native", [True, False])
def test_a_good_server_is_asked_by_schema_and_believed(host, native):
    server = Server(host.url + "/v1", "m", native=native, timeout_s=5)
    assert server.fill(TASK, 3) == WANTED
    path, body = host.requests[0]
    if native:
        assert path == "/api/chat"
        assert (body["think"], body["options"]["seed"]) == (False, 3)
        form = body["format"]
    else:
        assert path == "/v1/chat/completions"
        form = body["response_format"]["json_schema"]["schema"]
    assert form["properties"]["instrument"]["enum"] == ["Oud", "bass"]
    assert form["properties"]["year"] == {"type": "integer", "minimum": 1950, "maximum": 2025}
    prompt = body["messages"][0]["content"]
    assert "You played <track> <n> times." in prompt
    assert "Help" not in prompt
    assert "212" not in prompt


@pytest.mark.parametrize(
    "content",
    [
        "<think>Let me see {\"name\": \"No\"}</think>" + json.dumps(GOOD),
        "Sure! Here you go:\n```json\n" + json.dumps(GOOD, indent=2) + "\n```\nEnjoy!",
        json.dumps({**GOOD, "year": "1977", "surprise": [1, 2], "members": {"a": 1}}),
        json.dumps({**GOOD, "year": 1977.0}),
        json.dumps(GOOD)[:-1],  # the last brace is missing
    ],
)  # fmt: skip
def test_what_was_meant_is_understood(host, content):
    host.contents = [content, "{}"]
    card = Server(host.url, "m", timeout_s=5).fill(TASK, 0)
    assert {k: card.get(k, WANTED[k]) for k in WANTED} == WANTED
    assert len(card) >= 3


@pytest.mark.parametrize(
    ("wrong", "slot"),
    [
        ({"name": ["The", "Damp"]}, "name"),
        ({"name": "x" * 60}, "name"),
        ({"name": "Not <you>"}, "name"),
        ({"name": "<b>Damp</b>"}, "name"),
        ({"instrument": "vuvuzela"}, "instrument"),
        ({"year": 3000}, "year"),
        ({"year": True}, "year"),
        ({"bio": ""}, "bio"),
        ({"bio": "About <unknown>."}, "bio"),
    ],
)
def test_a_slot_against_the_schema_is_asked_for_again_alone(host, wrong, slot):
    host.contents = [json.dumps(GOOD | wrong), json.dumps(GOOD)]
    assert Server(host.url, "m", timeout_s=5).fill(TASK, 0) == WANTED
    form = host.requests[1][1]["response_format"]["json_schema"]["schema"]
    assert list(form["properties"]) == [slot]


def test_an_answer_that_breaks_off_keeps_what_was_complete(host):
    host.contents = [json.dumps(GOOD)[:60], json.dumps(GOOD)]
    host.finish = "length"
    assert Server(host.url, "m", timeout_s=5).fill(TASK, 0) == WANTED
    form = host.requests[1][1]["response_format"]["json_schema"]["schema"]
    assert "name" not in form["properties"]


def test_a_card_it_never_gets_right_lacks_only_that(host):
    host.contents = [json.dumps({**GOOD, "year": "soon"})]
    card = Server(host.url, "m", timeout_s=5).fill(TASK, 0)
    assert card == {k: v for k, v in WANTED.items() if k != "year"}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ((500, "slot unavailable"), "status 500: slot unavailable"),
        ((404, "{}"), "does not know .* or the model 'm'"),
        ((200, "<html><script>alert(1)</script></html>"), "did not answer in JSON"),
        ((200, "[1, 2]"), "did not answer with an object"),
        ((200, "{}"), "without a choice"),
        ((200, '{"choices": [{"message": {"content": null, "reasoning": "hmm"}}]}'), "nothing"),
        ((200, '{"choices": [{"message": {"content": "I cannot."}}]}'), "no card: I cannot."),
        ((301, ""), "status 301"),
    ],
)
def test_an_unusable_answer_is_one_clear_sentence(host, raw, reason):
    host.raw = raw
    with pytest.raises(ModelError, match=reason):
        Server(host.url, "m", timeout_s=5).fill(TASK, 0)


def test_thinking_that_eats_the_budget_is_told(host):
    host.contents, host.finish = ["<think>Well, on the one hand"], "length"
    with pytest.raises(ModelError, match="cut off by its token limit"):
        Server(host.url, "m", timeout_s=5).fill(TASK, 0)


def test_hanging_up_in_the_middle_is_told(host):
    host.break_off = True
    with pytest.raises(ModelError, match="hung up"):
        Server(host.url, "m", timeout_s=5).fill(TASK, 0)


def test_dripping_does_not_last_for_ever(host):
    host.drip = True
    begun = time.monotonic()
    with pytest.raises(ModelError, match=r"did not answer within 0\.5 s"):
        Server(host.url, "m", timeout_s=0.5).fill(TASK, 0)
    assert time.monotonic() - begun < 5


def test_nobody_there_is_told():
    with pytest.raises(ModelError, match=r"no server at http://127\.0\.0\.1:9"):
        Server("http://127.0.0.1:9", "m", timeout_s=2).fill(TASK, 0)


def test_streaming_gives_the_texts(host):
    streamed = "".join(Server(host.url, "m", timeout_s=5).stream(TASK, 0))
    assert streamed == "The Damp\nHeard Help 212 times.\n"


def test_what_is_usable_is_valid():
    assert problems(TASK, usable(TASK, json.dumps(GOOD))) == []
