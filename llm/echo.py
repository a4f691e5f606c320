"""A backend that says what it is told, for tests and for looking at a page without a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from llm.task import Card, Slot, Task, finished


class Echo:
    """Fills every slot from a table, and with the slot's own name where the table has nothing.

    Parameters
    ----------
    says
        Slot name -> value, with placeholders where wanted.
    """

    name = "echo"

    def __init__(self, says: Mapping[str, str | int] | None = None) -> None:
        self.says = dict(says or {})
        self.asked: list[tuple[Task, int]] = []

    def fill(self, task: Task, seed: int) -> Card:
        """Every slot as told; an untold choice is its first, an untold integer its lowest."""
        self.asked.append((task, seed))
        return finished(task, {s.name: self.says.get(s.name, _plain(s)) for s in task.slots})

    def stream(self, task: Task, seed: int) -> Iterator[str]:
        """The texts of the card, one after the other."""
        card = self.fill(task, seed)
        yield from (f"{card[slot.name]}\n" for slot in task.slots if slot.kind == "text")


def _plain(slot: Slot) -> str | int:
    if slot.kind == "integer":
        return slot.low
    if slot.kind == "choice":
        return slot.choices[0]
    return slot.name.replace("_", " ").ljust(slot.min_chars, ".")[: slot.max_chars]
