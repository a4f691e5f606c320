"""The plainest authored file: ``== name``, and one text a line below it."""

from __future__ import annotations

from music.errors import InputError


def sections(text: str, file: str) -> dict[str, tuple[str, ...]]:
    """The texts below each name; empty lines and comments (``#``) are left out.

    Raises
    ------
    InputError
        Naming file and line of a text that stands above the first name.
    """
    found: dict[str, list[str]] = {}
    name = ""
    for number, row in enumerate(text.splitlines(), 1):
        row = row.strip()
        if row.startswith("== "):
            name = row.removeprefix("== ")
            found.setdefault(name, [])
        elif row and not row.startswith("#"):
            if not name:
                raise InputError(f"{file}:{number}: a text stands below its '== name'.")
            found[name].append(row)
    return {name: tuple(rows) for name, rows in found.items()}
