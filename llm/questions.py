"""The authored side of the dialogue: questions about facts, buttons, comebacks, small talk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from music.errors import InputError

STANCES: Final = ("admit", "deny", "excuse")
CRITIC: Final = "critic"
_ROWS: Final = ("ask", *STANCES, *(f"on {stance}" for stance in STANCES))
TALK: Final = (
    "look", "look empty", "ask", *STANCES, "on admit", "on deny", "on excuse", "on question",
    "on long", "on rude", "on silence", "end admit", "end deny", "end mixed",
)  # fmt: skip


@dataclass(frozen=True)
class Prompt:
    """A question about one kind of fact, with placeholders.

    Parameters
    ----------
    ask
        The question.
    labels
        One button for each of `STANCES`.
    replies
        What is said to each of them.
    """

    ask: str
    labels: tuple[str, str, str]
    replies: tuple[str, str, str]


@lru_cache(maxsize=1)
def prompts() -> dict[str, Prompt]:
    """The question of each kind of fact that has one."""
    return parse_prompts(_read("facts.txt"), "questions/facts.txt")


@lru_cache(maxsize=1)
def talk() -> dict[str, tuple[str, ...]]:
    """Everything else that is said, by its place; see `TALK`."""
    found = {name: tuple(text for _, text in rows) for name, rows in _sections("talk.txt").items()}
    if tuple(found) != TALK or not all(found.values()):
        raise InputError(f"questions/talk.txt has the parts {list(found)}, expected {list(TALK)}.")
    return found


@dataclass(frozen=True)
class Voice:
    """How one persona leads the dialogue.

    Parameters
    ----------
    talk
        As `llm.questions.talk`; what the persona has no words of its own for is the critic's.
    asks
        The question about each kind of fact that has one, with placeholders.
    comes_back
        Whether the persona answers with its own words; the critic's answers are about the fact.
    """

    talk: Mapping[str, tuple[str, ...]]
    asks: Mapping[str, str]
    comes_back: bool


@lru_cache(maxsize=8)
def voice(persona: str) -> Voice:
    """A persona's voice: `questions/PERSONA.txt`; the critic's is `talk` and `prompts`.

    Raises
    ------
    InputError
        If there is no such persona, or its file has a part that is neither talk nor a question
        about a known fact.
    """
    asks = {kind: prompt.ask for kind, prompt in prompts().items()}
    if persona == CRITIC:
        return Voice(talk(), asks, False)
    own = {
        name: tuple(text for _, text in rows) for name, rows in _sections(f"{persona}.txt").items()
    }
    mine = {name.removeprefix("ask "): said[0] for name, said in own.items() if name[:4] == "ask "}
    if unknown := {*own} - {*TALK} - {f"ask {kind}" for kind in asks}:
        raise InputError(f"questions/{persona}.txt has unknown parts: {sorted(unknown)}.")
    return Voice({part: own.get(part, said) for part, said in talk().items()}, asks | mine, True)


def parse_prompts(text: str, file: str) -> dict[str, Prompt]:
    """Read ``== kind`` sections of seven rows each.

    Raises
    ------
    InputError
        Naming file and line of the first section that is not whole.
    """
    found = {}
    for kind, rows in _split(text, file).items():
        pairs = [(number, *row.partition(": ")[::2]) for number, row in rows]
        if tuple(name for _, name, _ in pairs) != _ROWS:
            number = pairs[0][0] if pairs else 1
            raise InputError(f"{file}:{number}: the question {kind!r} needs the rows {_ROWS}.")
        ask, a, b, c, on_a, on_b, on_c = (said for _, _, said in pairs)
        found[kind] = Prompt(ask, (a, b, c), (on_a, on_b, on_c))
    return found


def _sections(name: str) -> dict[str, list[tuple[int, str]]]:
    return _split(_read(name), f"questions/{name}")


def _read(name: str) -> str:
    return files("llm.lines").joinpath("questions", name).read_text(encoding="utf-8")


def _split(text: str, file: str) -> dict[str, list[tuple[int, str]]]:
    sections: dict[str, list[tuple[int, str]]] = {}
    name = ""
    for number, row in enumerate(text.splitlines(), 1):
        row = row.strip()
        if row.startswith("== "):
            name = row.removeprefix("== ")
            sections[name] = []
        elif row and not row.startswith("#"):
            if not name:
                raise InputError(f"{file}:{number}: a text stands below its '== name'.")
            sections[name].append((number, row))
    return sections
