"""A model is fetched only when asked for, after saying what; against a Hub of our own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from cli import app
from llm.hf import HuggingFace
from llm.hub import fetch, is_here, offer
from music.errors import ModelError
from tests.llm.test_hf import save_model

SHA = "a" * 40
SHUT = "http://127.0.0.1:9"  # nobody listens there


class Hub:
    """The three addresses of the Hub a download needs, over a folder."""

    def __init__(self, folder):
        self.files = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
        self.files |= {"pytorch_model.bin": b"never", "run_me.py": b"never"}
        self.asked: list[str] = []
        outer = self

        class Answers(BaseHTTPRequestHandler):
            def do_HEAD(self):
                self._answer()

            def do_GET(self):
                outer.asked.append(self.path)
                self._answer()

            def _answer(self):
                if self.path.startswith("/api/models/toy/critic"):
                    self._send(json.dumps(outer.about()).encode(), "application/json")
                elif (name := self.path.rpartition("/")[2]) in outer.files and SHA in self.path:
                    self._send(outer.files[name], "application/octet-stream")
                else:
                    self.send_response(404)
                    self.send_header("X-Error-Code", "RepoNotFound")
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def _send(self, body, kind):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
                self.send_header("X-Repo-Commit", SHA)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        """Go off the air."""
        self.server.shutdown()
        self.server.server_close()

    def about(self):
        """What the Hub says of the model."""
        parts = [{"rfilename": name, "size": len(body)} for name, body in self.files.items()]
        parts.append({"rfilename": "onnx/model.safetensors", "size": 1})
        return {"id": "toy/critic", "sha": SHA, "siblings": parts, "cardData": {"license": "mit"}}


@pytest.fixture
def web(tmp_path) -> Iterator[Hub]:
    found = Hub(save_model(tmp_path / "critic"))
    yield found
    found.close()


def test_an_offer_says_what_from_where_and_under_which_licence(web):
    found = offer("toy/critic", web.url)
    assert "pytorch_model.bin" not in found.files
    assert "onnx/model.safetensors" not in found.files
    assert found.files["model.safetensors"] == len(web.files["model.safetensors"])
    assert f"from {web.url}/toy/critic (licence mit)" in str(found)
    assert len(web.asked) == 1


def test_what_was_fetched_writes_without_a_network(web, tmp_path):
    shares: list[float] = []
    assert not is_here("toy/critic", tmp_path / "hub")
    fetch(offer("toy/critic", web.url), lambda share, _: shares.append(share), web.url,
          tmp_path / "hub")  # fmt: skip
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert not any("never" in path or path.endswith((".py", ".bin")) for path in web.asked)
    assert is_here("toy/critic", tmp_path / "hub")
    n_asked = len(web.asked)
    snapshot = tmp_path / "hub" / "models--toy--critic" / "snapshots" / SHA
    assert HuggingFace(str(snapshot)).causal.context > 0
    assert len(web.asked) == n_asked


@pytest.mark.parametrize(
    ("model", "told"),
    [("no/body", "no public model"), ("../up", "is no id"), ("a b", "is no id"), ("", "is no id")],
)
def test_what_does_not_exist_is_one_sentence(web, model, told):
    with pytest.raises(ModelError, match=told):
        offer(model, web.url)


def test_without_a_network_it_says_so():
    with pytest.raises(ModelError, match="cannot be reached from here"):
        offer("toy/critic", SHUT)


def test_the_command_asks_before_it_fetches(web):
    done = CliRunner().invoke(app, ["models", "fetch", "toy/critic", "--hub", web.url], input="n\n")
    assert "licence mit" in " ".join(done.output.split())
    assert len(web.asked) == 1
