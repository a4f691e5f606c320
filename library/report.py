"""What became of every row of an import: kept, merged or rejected with a reason.

A report adds up or the importer is wrong: `ImportReport.adds_up` is checked by every test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

SHOWN: Final = 20  # rejections that the plain text lists one by one


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row that did not get in.

    Parameters
    ----------
    file
        The file it stood in.
    row
        Its number as a spreadsheet shows it (the header is row 1), or its position in a list,
        counted from 1.
    what
        What the row says, as far as it can be read; text from outside.
    reason
        Why it stayed out, for people: ``"a podcast episode, not a track"``.
    """

    file: str
    row: int
    what: str
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """The account of one import: ``n_read == n_kept + n_merged + n_rejected``.

    Parameters
    ----------
    source
        What was read, for people.
    n_read
        Rows found.
    n_kept
        Rows that are something of their own now: a track or a play.
    n_merged
        Rows that told of something already there; what they know was added to it, and each keeps
        its place in its playlist.
    rejections
        Every other row, with its reason.
    notes
        Anything else worth saying, in sentences.
    """

    source: str
    n_read: int = 0
    n_kept: int = 0
    n_merged: int = 0
    rejections: tuple[Rejection, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def n_rejected(self) -> int:
        """Rows that stayed out."""
        return len(self.rejections)

    @property
    def adds_up(self) -> bool:
        """Whether every row read is accounted for."""
        return self.n_read == self.n_kept + self.n_merged + self.n_rejected

    @property
    def reasons(self) -> dict[str, int]:
        """How many rows stayed out for each reason, the most frequent first."""
        return dict(Counter(r.reason for r in self.rejections).most_common())

    def __add__(self, other: ImportReport) -> ImportReport:
        """The account of two imports together."""
        sources = dict.fromkeys([*self.source.split(" + "), *other.source.split(" + ")])
        return ImportReport(
            " + ".join(s for s in sources if s),
            self.n_read + other.n_read,
            self.n_kept + other.n_kept,
            self.n_merged + other.n_merged,
            self.rejections + other.rejections,
            tuple(dict.fromkeys(self.notes + other.notes)),
        )

    def __str__(self) -> str:
        """The report as plain text: one sum, the notes, then what stayed out and why."""
        parts = f"{self.n_kept:,} kept + {self.n_merged:,} merged + {self.n_rejected:,} rejected"
        lines = [f"{self.source}: {self.n_read:,} rows read = {parts}"]
        lines += [f"  {note}" for note in self.notes]
        lines += [f"  {n:,} x {reason}" for reason, n in self.reasons.items()]
        lines += [f"    {r.file} row {r.row}: {_short(r.what)}" for r in self.rejections[:SHOWN]]
        if self.n_rejected > SHOWN:
            lines.append(f"    ... and {self.n_rejected - SHOWN:,} more")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, for JSON; `from_dict` reads it back."""
        return {
            "source": self.source,
            "n_read": self.n_read,
            "n_kept": self.n_kept,
            "n_merged": self.n_merged,
            "n_rejected": self.n_rejected,
            "notes": list(self.notes),
            "rejections": [[r.file, r.row, r.what, r.reason] for r in self.rejections],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ImportReport:
        """Read `to_dict` back."""
        return cls(
            values["source"],
            values["n_read"],
            values["n_kept"],
            values["n_merged"],
            tuple(Rejection(*row) for row in values["rejections"]),
            tuple(values["notes"]),
        )


def total(reports: Iterable[ImportReport]) -> ImportReport:
    """The account of several imports together."""
    first, *rest = reports
    for report in rest:
        first = first + report
    return first


def _short(text: str, limit: int = 80) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 3] + "..."
