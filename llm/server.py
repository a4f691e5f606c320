"""A model behind a server: anything that speaks OpenAI's chat completions, or Ollama's own API.

The server is asked for JSON by schema, and trusted in nothing: some ignore the schema, think aloud,
stop half-way, or answer with a web page. Every slot is checked; what is missing or wrong is asked
for once more, and what is still wrong then is left for another backend.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

import requests

from llm.prompt import render, schema
from llm.task import Card, Slot, Task, fill_in, placeholders, problems, values_for
from music.errors import ModelError

ROUNDS: Final = 2  # how often a card is asked for
MAX_BYTES: Final = 2_000_000
CONTEXT: Final = 8_192  # Ollama's own default is 4,096 and cuts prompts silently
_THOUGHT: Final = re.compile(
    r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE
)

_HOLE: Final = re.compile(r"<[a-z][a-z0-9_]*>")


class Server:
    """A chat model on this machine or another.

    Parameters
    ----------
    url
        Where it is: ``"http://127.0.0.1:8080"``, with or without ``/v1``.
    model
        Its name there.
    native
        Speak Ollama's ``/api/chat``, whose OpenAI door ignores the context size and thinks aloud.
    style
        Which prompt (see `llm.prompt.styles`).
    budget
        Most tokens it may answer with.
    timeout_s
        Longest wait for an answer.
    key
        Sent as a bearer token, for servers that want one.
    """

    def __init__(
        self,
        url: str,
        model: str,
        native: bool = False,
        style: str = "plain",
        budget: int = 1_200,
        timeout_s: float = 60.0,
        key: str = "",
    ) -> None:
        self.name = f"ollama:{model}" if native else f"server:{url}#{model}"
        self.url, self.model, self.native = url.rstrip("/").removesuffix("/v1"), model, native
        self.style, self.budget, self.timeout_s, self.key = style, budget, timeout_s, key

    def fill(self, task: Task, seed: int) -> Card:
        """Fill what the server gets right; `llm.backends.write` has others fill the rest.

        Raises
        ------
        ModelError
            If there is no server, no such model, or not one usable slot.
        """
        card: Card = {}
        last = ""
        for attempt in range(ROUNDS):
            missing = tuple(slot for slot in task.slots if slot.name not in card)
            asked = replace(task, slots=missing)
            answer, cut = self._ask(render(asked, self.style), schema(asked), seed + attempt)
            card |= usable(asked, answer)
            last = f"{_shown(answer)}{' (cut off by its token limit)' if cut else ''}"
            if all(slot.name in card or slot.group for slot in task.slots):
                break
        if not card:
            raise ModelError(f"{self.name} answered, but with no card: {last}")
        return card

    def stream(self, task: Task, seed: int) -> Iterator[str]:
        """The texts of the card, each when it is known to be right."""
        card = self.fill(task, seed)
        for slot in task.slots:
            if slot.kind == "text" and slot.name in card:
                yield f"{card[slot.name]}\n"

    def warm_up(self) -> None:
        """Have the server load the model, so that the first card does not wait for it."""
        self._ask("Answer with {}.", {"type": "object"}, 0)

    def _ask(self, prompt: str, form: Mapping[str, object], seed: int) -> tuple[str, bool]:
        """What it answers, and whether it was cut off by its token limit."""
        messages = [{"role": "user", "content": prompt}]
        if self.native:
            body: dict[str, Any] = {
                "model": self.model, "messages": messages, "format": form, "stream": False,
                "think": False, "keep_alive": "1h",
                "options": {"seed": seed, "num_ctx": CONTEXT, "num_predict": self.budget},
            }  # fmt: skip
            told = self._post("/api/chat", body)
            return _text(told.get("message"), self.name), told.get("done_reason") == "length"
        body = {
            "model": self.model, "messages": messages, "seed": seed, "max_tokens": self.budget,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "card", "strict": True, "schema": form},
            },
        }  # fmt: skip
        told = self._post("/v1/chat/completions", body)
        choices = told.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            raise ModelError(f"{self.name} answered without a choice: {_shown(json.dumps(told))}")
        cut = choices[0].get("finish_reason") == "length"
        return _text(choices[0].get("message"), self.name), cut

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        wait = (min(self.timeout_s, 10.0), self.timeout_s)
        deadline = time.monotonic() + self.timeout_s
        try:
            with requests.post(
                self.url + path,
                json=body,
                headers=headers,
                timeout=wait,
                allow_redirects=False,
                stream=True,
            ) as answer:
                status, raw = answer.status_code, b""
                for part in answer.iter_content(8_192):  # a drip of bytes must not last for ever
                    raw += part
                    if time.monotonic() > deadline or len(raw) > MAX_BYTES:
                        raise requests.Timeout
            text = raw.decode("utf-8", errors="replace")
        except requests.Timeout as error:
            raise ModelError(f"{self.name} did not answer within {self.timeout_s:g} s.") from error
        except requests.RequestException as error:
            raise ModelError(f"there is no server at {self.url}, or it hung up.") from error
        if status == 404:
            raise ModelError(f"{self.url} does not know {path} or the model {self.model!r}.")
        if status != 200:
            raise ModelError(f"{self.name} answered with status {status}: {_shown(text)}")
        try:
            told = json.loads(text)
        except ValueError as error:
            raise ModelError(f"{self.name} did not answer in JSON: {_shown(text)}") from error
        if not isinstance(told, dict):
            raise ModelError(f"{self.name} did not answer with an object: {_shown(text)}")
        return cast(dict[str, Any], told)


def usable(task: Task, answer: str) -> Card:
    """The slots of a task that an answer fills rightly, with their placeholders replaced.

    Thinking aloud, code fences and talk around the object are passed over; an object that breaks
    off keeps what was complete; numbers as words of digits and choices in another case are taken as
    meant.
    """
    told = _object_in(_THOUGHT.sub("", answer))
    card: Card = {}
    for slot in task.slots:
        value = _meant(task, slot, told.get(slot.name))
        if value is not None and not problems(replace(task, slots=(slot,)), {slot.name: value}):
            card[slot.name] = value
    return card


def _meant(task: Task, slot: Slot, value: object) -> str | int | None:
    if slot.kind == "integer":
        number = re.fullmatch(r"\s*(-?\d{1,9})(?:\.0+)?\s*", str(value))
        return int(number.group(1)) if number and not isinstance(value, bool) else None
    if not isinstance(value, str):
        return None
    if slot.kind == "choice":
        same = [c for c in slot.choices if c.casefold() == value.strip().casefold()]
        return same[0] if same else None
    flat = " ".join(value.split())
    values = values_for(task, slot)
    known = placeholders(flat) <= set(values)
    if not known or len(flat) > slot.max_chars or re.search(r"[<>]", _HOLE.sub("", flat)):
        return None
    return fill_in(flat, values)


def _object_in(text: str) -> dict[str, object]:
    """The first JSON object in a text; of one that breaks off, its complete members."""
    begin = text.find("{")
    if begin < 0:
        return {}
    try:
        found, _ = json.JSONDecoder().raw_decode(text[begin:])
    except ValueError:
        member = re.compile(r'"((?:[^"\\]|\\.)*)"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)(?=\s*[,}])')
        found = {}
        for key, value in member.findall(text[begin:]):
            try:
                found[json.loads(f'"{key}"')] = json.loads(value)
            except ValueError:
                continue
    return found if isinstance(found, dict) else {}


def _text(message: object, who: str) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, str) or not content.strip():
        raise ModelError(f"{who} answered with nothing; it may have spent its tokens on thinking.")
    return content


def _shown(text: str) -> str:
    flat = " ".join(text.split())
    return f"{flat[:80]}…" if len(flat) > 80 else flat or "nothing"
