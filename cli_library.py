"""What terminals see of the library: import, catalogues, features, backup, export, forget.

`cli.py` mounts `commands`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cli_parts import Json, bar, command, err, out, print_json, text
from library.how_to import markdown
from music.errors import InputError, NotFoundError
from studio import catalogues, imports, leaving, listing, lookups, reach, services
from studio.imports import Imported
from studio.jobs import Progress

catalogue = typer.Typer(no_args_is_help=True, help="Tables of audio features that you hold.")


def commands(app: typer.Typer) -> None:
    """Mount everything here on the command line."""
    for name, function in _COMMANDS.items():
        command(app, name)(function)
    for name, function in _CATALOGUE.items():
        command(catalogue, name)(function)
    app.add_typer(catalogue, name="catalogue")


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(help="Exports, zips or folders, any number in any order."),
    ],
    as_library: Annotated[
        bool, typer.Option(help="Take a table of audio features for your library, not a catalogue.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read exports into your library; reading one twice changes nothing.

    Exportify, Spotify's account data and streaming history, TuneMyMusic, Soundiiz, any CSV with
    titles and artists: known by content. `ghostnotes how` says how to get each.
    """
    for file in files:
        if not file.exists():
            raise NotFoundError(f"There is no file {str(file)!r}.")
    with bar() as told:
        done = imports.import_files(
            services.ME, list(files), progress=Told(told), tables_too=as_library
        )
    if as_json:
        print_json(_as_dict(done))
        return
    for report in (*([done.report] if done.report else []), *done.catalogues):
        out.print(str(report), markup=False, highlight=False)
    _told(done)


def how() -> None:
    """How to get each kind of file, in three short steps."""
    from rich.markdown import Markdown

    out.print(Markdown(markdown()))


def features(
    estimate: Annotated[
        bool | None, typer.Option(help="Fill what nobody knows with estimates, or take them out.")
    ] = None,
    reccobeats: Annotated[
        bool, typer.Option("--reccobeats", help="Ask api.reccobeats.com; says first what it gets.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before sending.")] = False,
    as_json: Json = False,
) -> None:
    """Where your tracks' audio features come from, and ways to know more."""
    library = services.store().load_library(services.ME)
    if library is None:
        raise NotFoundError("There is no library of yours yet; import one first.")
    done = Imported(library, None)
    if reccobeats:
        request = lookups.reccobeats_request(library)
        if request.n_ids and not yes:
            err.print(str(request), markup=False, highlight=False)
            if not typer.confirm("Send them?", err=True):
                raise typer.Exit(1)
        with bar() as told:
            done = imports.fill_again(services.ME, None, Told(told), request.n_ids)
    if estimate is not None:
        library = imports.set_estimates(services.ME, done.library, estimate)
        done = Imported(library, None, (), done.notes)
    if as_json:
        print_json(_as_dict(done))
    else:
        _told(done)


def averages(
    folder: Annotated[Path, typer.Argument(help="A folder with catalogues you hold.")],
) -> None:
    """Learn averages of artists and genres from tables you hold, for better estimates."""
    from library.estimate_train import train

    if not folder.exists():
        raise NotFoundError(f"There is no folder {str(folder)!r}.")
    table, quality = train(folder)
    path = lookups.averages_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    table.to_parquet(part)
    part.replace(path)
    for line in quality:
        err.print(str(line), style="dim", markup=False, highlight=False)
    out.print(f"{len(table):,} averages are kept; `features --estimate` uses them.")


def catalogue_add(
    files: Annotated[list[Path], typer.Argument(help="CSV files, as they are or packed.")],
    as_json: Json = False,
) -> None:
    """Index a table, so that it gives your tracks features and new tracks to recommend."""
    from library.importing import parted

    for file in files:
        if not file.exists():
            raise NotFoundError(f"There is no file {str(file)!r}.")
    if strangers := parted(files)[1]:
        raise InputError(f"{strangers[0].name} is no table of audio features.")
    import_(files, as_json=as_json)


def catalogue_list(as_json: Json = False) -> None:
    """The catalogues you hold."""
    held = catalogues.held()
    if as_json:
        print_json([{"name": i.name, "kind": i.kind, "tracks": i.n_rows} for i in held])
        return
    for index in held:
        out.print(f"{text(index.name)}: {index.n_rows:,} tracks, {text(index.kind)}")
    if not held:
        out.print("None yet. `ghostnotes how` names some.")


def catalogue_remove(
    name: Annotated[str, typer.Argument(help="Its name, or a part of it.")],
) -> None:
    """Forget a catalogue; features it gave to your tracks stay."""
    index = reach.find(name)
    catalogues.remove(index)
    out.print(f"{text(index.name)} is gone.")


def backup(
    to: Annotated[Path, typer.Argument(help="A folder, or the file to write.")] = Path("."),
    as_json: Json = False,
) -> None:
    """Write everything you brought and made into one file (catalogues can be added again)."""
    from library.archive import backup as write_backup

    _files([write_backup(services.store(), to)], as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Put back what a backup holds; everything that is here now is replaced."""
    from library.archive import restore as read_backup

    if not file.exists():
        raise NotFoundError(f"There is no file {str(file)!r}.")
    here = services.store().owners()
    if here and not yes and not typer.confirm("Replace everything that is here?", err=True):
        raise typer.Exit(1)
    rows = read_backup(services.store(), file)
    if as_json:
        print_json(rows)
    else:
        out.print(f"{sum(rows.values()):,} rows are back.", highlight=False)


def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go.")] = Path("ghostnotes-export"),
    kind: Annotated[str, typer.Option("--format", help="csv or parquet.")] = "csv",
    as_json: Json = False,
) -> None:
    """Write your library as tables any program reads; moments are in UTC."""
    from library.archive import export as write_export

    if kind == "csv":
        _files(write_export(services.store(), services.ME, folder, "csv"), as_json)
    elif kind == "parquet":
        _files(write_export(services.store(), services.ME, folder, "parquet"), as_json)
    else:
        raise InputError(f"--format is csv or parquet, not {kind!r}.")


def forget(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False, as_json: Json = False
) -> None:
    """Delete everything of you here, Spotify too, and look that it is gone; export files stay."""
    if not yes and not typer.confirm("Delete everything Ghostnotes keeps of you?", err=True):
        raise typer.Exit(1)
    rows = leaving.forget(services.ME)
    if as_json:
        print_json(rows)
        return
    what = ", ".join(f"{n:,} in {name}" for name, n in rows.items() if n)
    out.print(f"Gone: {what or 'nothing was here'}. Looked again: nothing is left.",
              highlight=False)  # fmt: skip


class Told(Progress):
    """A job's progress, told to a bar."""

    def __init__(self, told: Callable[[float, str], None]) -> None:
        super().__init__()
        self._told = told

    def __call__(self, share: float, text: str = "") -> None:
        """Say how far it is; see `studio.jobs.Progress`."""
        super().__call__(share, text)
        self._told(self.share, self.text)


def _as_dict(done: Imported) -> dict[str, object]:
    told: dict[str, object] = done.report.to_dict() if done.report else {}
    told["catalogues"] = [report.to_dict() for report in done.catalogues]
    told["look_ups"] = list(done.notes)
    if done.library is not None:
        told |= {"tracks": len(done.library), "plays": len(done.library.plays),
                 "features": listing.coverage_sentence(done.library)}  # fmt: skip
    return told


def _told(done: Imported) -> None:
    for note in done.notes:
        err.print(text(note, 300), style="dim")
    if done.library is None:
        out.print("There is no library of yours yet; import one, and it will be asked.")
        return
    plays = f" and {len(done.library.plays):,} plays" if len(done.library.plays) else ""
    out.print(f"Your library now has {len(done.library):,} tracks{plays}.", highlight=False)
    out.print(listing.coverage_sentence(done.library), highlight=False)


def _files(files: list[Path], as_json: bool) -> None:
    """Name the files that were written."""
    paths = [str(path) for path in files]
    if as_json:
        print_json({"files": paths})
    else:
        out.print("\n".join(paths), markup=False, highlight=False, soft_wrap=True)


_COMMANDS = {
    "import": import_, "how": how, "features": features, "averages": averages, "backup": backup,
    "restore": restore, "export": export, "forget": forget,
}  # fmt: skip
_CATALOGUE = {"add": catalogue_add, "list": catalogue_list, "remove": catalogue_remove}
