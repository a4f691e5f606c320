"""What every terminal command shares: consoles, errors as sentences, JSON, text from outside."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from music.errors import GhostnotesError, NotFoundError
from studio import clock, imports, services
from studio.listener import Listener

STOPPED: Final = 130  # what shells expect of a command that was interrupted

out = Console()
err = Console(stderr=True)

From = Annotated[
    Path | None, typer.Option("--from", help="Work on this export instead of the stored library.")
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same answer; another, another.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@contextmanager
def sentences() -> Iterator[None]:
    """An error of ours is one sentence and exit code 1; Ctrl-C is one too, and code 130."""
    try:
        yield
    except GhostnotesError as error:
        err.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        err.print("Stopped; nothing was changed.", style="red")
        raise typer.Exit(STOPPED) from error


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command whose errors are sentences."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            with sentences():
                function(*args, **kwargs)

        return app.command(name)(run)

    return register


def in_view(source: Path | None) -> Listener:
    """The listener of ``--from``, else of the store, else the demo (announced on stderr)."""
    if source is not None:
        if not source.exists():
            raise NotFoundError(f"There is no file {str(source)!r}.")
        library, report = imports.read_files([source], name=source.stem)
        if report.n_rejected:
            err.print(f"{report.n_rejected} rows were rejected; `import` shows why.", style="dim")
        return Listener(replace(library, zone=clock.machine_zone()), key=str(source))
    who = services.listener_of(services.ME, clock.machine_zone())
    if who.library.invented:
        err.print(f"The library of {who.library.name}, who is invented.", style="dim", markup=False)
    return who


@contextmanager
def bar() -> Iterator[Callable[[float, str], None]]:
    """A progress bar on stderr where a person watches; told ``(share, text)``."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=err, transient=True, disable=not err.is_terminal
    ) as progress:
        task = progress.add_task("", total=1.0)

        def told(share: float, what: str) -> None:
            line = "".join(c if c.isprintable() else " " for c in what)
            progress.update(task, completed=share, description=line[:60])

        yield told


def text(value: object, limit: int = 60) -> str:
    """Text from outside for a terminal: one line, no control characters, no markup."""
    line = "".join(c if c.isprintable() else " " for c in str(value))
    cut = line if len(line) <= limit else line[: limit - 1] + "…"
    return cut.replace("[", "\\[")


def print_json(document: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(document, indent=1, ensure_ascii=False, default=str) + "\n")
