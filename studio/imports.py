"""Bringing one's own music in: files and pasted lines are read, completed, merged and kept.

Every function may run in a worker: it tells how far it is, and when it is cancelled nothing has
changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from library.importing import merge, parted, read_any
from library.opening import File, Upload
from library.pasted import read as read_pasted
from library.report import ImportReport
from music.errors import InputError
from music.tracks import Library
from studio import catalogues, lookups, services
from studio.jobs import Progress
from studio.settings import settings

NAME = "your library"


@dataclass(frozen=True)
class Imported:
    """What an import led to.

    Parameters
    ----------
    library
        What the owner has now; None if only catalogues came and there is no library yet.
    report
        What became of the rows; None if only catalogues came.
    catalogues
        A report for each catalogue that was added.
    notes
        What else is worth saying, in sentences.
    """

    library: Library | None
    report: ImportReport | None
    catalogues: tuple[ImportReport, ...] = ()
    notes: tuple[str, ...] = ()


def read_files(
    files: Sequence[Upload], before: Library | None = None, name: str = NAME
) -> tuple[Library, ImportReport]:
    """What the files hold, merged into the library there was before; nothing is kept."""
    found, report = read_any(files)
    return _joined(before, found, name), report


def import_files(
    owner: str,
    uploads: Sequence[Upload],
    own: Library | None = None,
    progress: Progress | None = None,
    tables_too: bool = False,
) -> Imported:
    """Read files into an owner's library and keep it, in one step.

    Parameters
    ----------
    uploads
        Exports, archives and folders in any order. A catalogue among them is indexed and gives
        features to what has none; it is no part of the library.
    own
        The library a visitor of a hosted server has in hand, where nothing is kept.
    tables_too
        Take small catalogues for libraries: every track in them is the owner's.

    Raises
    ------
    InputError
        If nothing can be imported; nothing is half imported.
    """
    tell = progress or Progress()
    tables: list[File] = []
    others: Sequence[Upload] = uploads
    if not tables_too:
        tables, others = parted(uploads)
    if not tables and not others:
        raise InputError("There is no file to import.")
    share = 1 / (len(tables) + bool(others))
    found = report = None
    if others:
        found, report = read_any(others, _within(tell, 0.0, 0.8 * share))
    added = tuple(
        catalogues.add(file, _within(tell, 0.8 * share * (n + bool(others)), 0.8 * share))
        for n, file in enumerate(tables)
    )
    library, notes = _kept(owner, own, found, tell)
    return Imported(library, report, added, notes)


def import_pasted(owner: str, text: str, own: Library | None = None) -> Imported:
    """Pasted lines, matched against what is known and merged into it."""
    before = own if settings().hosted else services.store().load_library(owner)
    known = before if before is not None and not before.invented else Library()
    found, report = read_pasted(text, known)
    library, notes = _kept(owner, own, found, Progress())
    return Imported(library, report, (), notes)


def fill_again(
    owner: str, own: Library | None, progress: Progress, allowed_ids: int = 0
) -> Imported:
    """Look for the features an owner's library lacks; see `studio.lookups`.

    Parameters
    ----------
    allowed_ids
        How many track ids ReccoBeats may be sent; 0 = it is not asked.
    """
    library = own if settings().hosted else services.store().load_library(owner)
    if library is None:
        raise InputError("There is no library of yours yet; import one first.")
    if allowed_ids:
        filled = lookups.ask_reccobeats(owner, library, allowed_ids, progress)
        services.store().save_features(owner, filled.found)
    else:
        filled = lookups.fill(owner, library, progress)
    return Imported(
        _merged(owner, own, Library(tracks=filled.library.tracks)), None, (), filled.notes
    )


def set_estimates(owner: str, own: Library | None, wanted: bool) -> Library | None:
    """Switch estimates on or off; the owner's library as it is then."""
    services.store().set_state(owner, lookups.ESTIMATES, wanted)
    if own is None:
        return None
    return _changed(owner, own, lambda now: lookups.estimate(now or Library(), wanted))


def _kept(
    owner: str, own: Library | None, found: Library | None, tell: Progress
) -> tuple[Library | None, tuple[str, ...]]:
    """What came, completed from what is at hand, merged into what there is, and stored."""
    before = own if settings().hosted else services.store().load_library(owner)
    if found is None and (before is None or before.invented):
        return None, ()
    tell(0.82, "Looking for audio features")
    filled = lookups.fill(owner, found if found is not None else before or Library(),
                          _within(tell, 0.82, 0.1))  # fmt: skip
    tell(0.95, "Merging and keeping")
    more = filled.library if found is not None else Library(tracks=filled.library.tracks)
    return _merged(owner, own, more), filled.notes


def _merged(owner: str, own: Library | None, more: Library) -> Library:
    """The owner's library with more in it, estimates made anew."""
    wanted = lookups.wants_estimates(owner)

    def change(now: Library | None) -> Library:
        joined = _joined(now, more, NAME)
        return lookups.estimate(joined, wanted) if wanted else joined

    return _changed(owner, own, change)


def _changed(
    owner: str, own: Library | None, change: Callable[[Library | None], Library]
) -> Library:
    """A library changed in the store, so that nobody's change is lost; in hand where hosted."""
    if settings().hosted:
        return change(own)
    return services.store().update_library(owner, change)


def _joined(before: Library | None, found: Library, name: str) -> Library:
    own = before if before is not None and not before.invented else Library()
    return replace(merge(own, found), name=name, invented=False)


def _within(tell: Progress, start: float, width: float) -> Progress:
    """A part of a longer progress; cancelling the whole cancels the part."""
    return Part(tell, start, width)


class Part(Progress):
    """Progress of one step of several."""

    def __init__(self, whole: Progress, start: float, width: float) -> None:
        super().__init__(_cancelled=whole._cancelled)
        self._whole, self._start, self._width = whole, start, width

    def __call__(self, share: float, text: str = "") -> None:
        """Say how far the step is; see `Progress`."""
        super().__call__(share, text)
        self._whole(self._start + self._width * self.share, text)
