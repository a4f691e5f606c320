"""Where tokens are kept: the system's keyring, else a file only its owner can read, else memory.

A visitor is known by a random id in a cookie; the vault knows only its hash, so what lies in it
lets nobody pose as a visitor.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

from music.errors import StoreError

SERVICE: Final = "ghostnotes-spotify"
YEAR_S: Final = 365 * 86_400.0
_INDEX: Final = "visitors"


@dataclass(frozen=True)
class Tokens:
    """What one visitor's sign-in gave.

    Parameters
    ----------
    access, refresh
        The secrets; never shown. Both "" once Spotify ended the sign-in.
    expires_at
        When the access token runs out, seconds since the epoch.
    scopes
        What the user agreed to.
    consented_at
        When the user agreed; the sign-in ends six months later whatever we do.
    account, name
        Whose account it is; "" until Spotify was asked.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: float
    scopes: tuple[str, ...]
    consented_at: float
    account: str = ""
    name: str = ""

    def ended(self) -> Tokens:
        """The same sign-in without its secrets."""
        return replace(self, access="", refresh="")


class Vault(Protocol):
    """A place for tokens, by visitor."""

    def get(self, visitor: str) -> Tokens | None:
        """The visitor's tokens, or None."""
        ...

    def put(self, visitor: str, tokens: Tokens) -> None:
        """Keep tokens; replaces those there were."""
        ...

    def drop(self, visitor: str) -> None:
        """Forget a visitor's tokens."""
        ...

    def drop_account(self, account: str) -> int:
        """Forget the tokens of an account in every browser; returns how many there were."""
        ...

    def drop_all(self) -> int:
        """Forget everybody's tokens; returns how many there were."""
        ...

    def locked(self, visitor: str) -> contextlib.AbstractContextManager[None]:
        """Hold a visitor's tokens while they are renewed."""
        ...


class Locks:
    """One lock a name, so that one slow piece of work holds up nobody else's."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        self._guard = threading.Lock()

    @contextlib.contextmanager
    def locked(self, visitor: str) -> Iterator[None]:
        """Hold the lock of a visitor, or of whatever the name stands for."""
        with self._guard:
            lock = self._locks[digest(visitor)]
        with lock:
            yield


class MemoryVault(Locks):
    """Tokens in this process only: for a server that many people visit."""

    def __init__(self) -> None:
        super().__init__()
        self._tokens: dict[str, Tokens] = {}

    def get(self, visitor: str) -> Tokens | None:
        """The visitor's tokens, or None."""
        return self._tokens.get(digest(visitor))

    def put(self, visitor: str, tokens: Tokens) -> None:
        """Keep tokens."""
        for key, old in list(self._tokens.items()):
            if _is_over(old.consented_at, tokens):
                self._tokens.pop(key, None)
        self._tokens[digest(visitor)] = tokens

    def drop(self, visitor: str) -> None:
        """Forget a visitor's tokens."""
        self._tokens.pop(digest(visitor), None)

    def drop_account(self, account: str) -> int:
        """Forget an account's tokens everywhere."""
        gone = [key for key, tokens in list(self._tokens.items()) if tokens.account == account]
        for key in gone:
            self._tokens.pop(key, None)
        return len(gone)

    def drop_all(self) -> int:
        """Forget everybody's tokens."""
        n_held = len(self._tokens)
        self._tokens.clear()
        return n_held


class FileVault(Locks):
    """Tokens in one file with mode 0600, replaced whole at every change.

    Parameters
    ----------
    path
        The file; its folder is made, with mode 0700, if it is not there.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file_guard = threading.Lock()

    def get(self, visitor: str) -> Tokens | None:
        """The visitor's tokens, or None."""
        fields = self._read().get(digest(visitor))
        return None if fields is None else _tokens(fields)

    def put(self, visitor: str, tokens: Tokens) -> None:
        """Keep tokens."""
        with self._alone():
            held = self._read()
            rest = {k: v for k, v in held.items() if not _is_over(v["consented_at"], tokens)}
            self._write({**rest, digest(visitor): asdict(tokens)})

    def drop(self, visitor: str) -> None:
        """Forget a visitor's tokens."""
        with self._alone():
            rest = self._read()
            if rest.pop(digest(visitor), None) is not None:
                self._write(rest)

    def drop_account(self, account: str) -> int:
        """Forget an account's tokens everywhere."""
        with self._alone():
            before = self._read()
            rest = {k: v for k, v in before.items() if v.get("account") != account}
            if len(rest) < len(before):
                self._write(rest)
            return len(before) - len(rest)

    def drop_all(self) -> int:
        """Forget everybody's tokens; the file goes."""
        with self._alone():
            n_held = len(self._read())
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(f"{self._path} cannot be deleted: {error.strerror}.") from error
            return n_held

    @contextlib.contextmanager
    def locked(self, visitor: str) -> Iterator[None]:
        """Hold a visitor's tokens against other threads and processes."""
        with super().locked(visitor), _file_lock(self._path.with_name(self._path.name + ".renew")):
            yield

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._file_guard, _file_lock(self._path.with_name(self._path.name + ".lock")):
            yield

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self._path} cannot be read: {error}.") from error
        try:
            found = json.loads(text)
        except ValueError:
            return {}  # not ours any more: everybody signs in again, nothing else is lost
        return found if isinstance(found, dict) else {}

    def _write(self, content: dict[str, dict[str, Any]]) -> None:
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        try:
            part.unlink(missing_ok=True)
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
            with os.fdopen(os.open(part, flags, 0o600), "w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError as error:
            raise StoreError(f"{self._path} cannot be written: {error.strerror}.") from error


class Keyring(Protocol):
    """The part of the `keyring` package we use."""

    def get_password(self, service: str, name: str) -> str | None: ...  # noqa: D102
    def set_password(self, service: str, name: str, value: str) -> None: ...  # noqa: D102
    def delete_password(self, service: str, name: str) -> None: ...  # noqa: D102


class KeyringVault(Locks):
    """Tokens in the system's keyring: an entry a visitor, and one that lists the visitors.

    Parameters
    ----------
    keyring
        The `keyring` package, or something that offers the same three functions.
    trouble
        What it raises when it is locked or gone; told as `StoreError`.
    """

    def __init__(self, keyring: Keyring, trouble: tuple[type[Exception], ...] = ()) -> None:
        super().__init__()
        self._keyring, self._trouble = keyring, trouble
        self._guard_index = threading.RLock()

    def get(self, visitor: str) -> Tokens | None:
        """The visitor's tokens, or None."""
        with self._told():
            return self._get(digest(visitor))

    def put(self, visitor: str, tokens: Tokens) -> None:
        """Keep tokens."""
        key = digest(visitor)
        with self._told(), self._guard_index:
            self._keyring.set_password(SERVICE, key, json.dumps(asdict(tokens)))
            self._set_index({*self._index(), key})

    def drop(self, visitor: str) -> None:
        """Forget a visitor's tokens."""
        with self._told():
            self._drop(digest(visitor))

    def drop_account(self, account: str) -> int:
        """Forget an account's tokens everywhere."""
        with self._told(), self._guard_index:
            keys = [k for k in self._index() if (t := self._get(k)) and t.account == account]
            for key in keys:
                self._drop(key)
            return len(keys)

    def drop_all(self) -> int:
        """Forget everybody's tokens."""
        with self._told(), self._guard_index:
            keys = self._index()
            for key in keys:
                self._drop(key)
            return len(keys)

    def _get(self, key: str) -> Tokens | None:
        try:
            return _tokens(json.loads(self._keyring.get_password(SERVICE, key) or ""))
        except (ValueError, TypeError, KeyError):
            return None  # nothing there, or not ours: a new sign-in mends it

    def _drop(self, key: str) -> None:
        with self._guard_index:
            known = self._index()
            if key in known:
                self._keyring.delete_password(SERVICE, key)
                self._set_index(known - {key})

    def _index(self) -> set[str]:
        return set((self._keyring.get_password(SERVICE, _INDEX) or "").split())

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._trouble as error:
            raise StoreError(f"The system's keyring cannot be used: {error}.") from error

    def _set_index(self, keys: set[str]) -> None:
        self._keyring.set_password(SERVICE, _INDEX, " ".join(sorted(keys)))


def open_vault(path: Path, hosted: bool) -> Vault:
    """The vault for this machine.

    Parameters
    ----------
    path
        The file to use where there is no keyring.
    hosted
        Whether strangers visit: then tokens stay in memory.
    """
    if hosted:
        return MemoryVault()
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return FileVault(path)
    try:
        # A keyring that asks nobody and encrypts nothing has a priority below 1.
        if keyring.get_keyring().priority >= 1 and keyring.get_password(SERVICE, _INDEX) is None:
            keyring.set_password(SERVICE, _INDEX, "")
        usable = keyring.get_keyring().priority >= 1
    except KeyringError:
        usable = False  # locked, or no one to unlock it
    return KeyringVault(keyring, (KeyringError,)) if usable else FileVault(path)


def digest(visitor: str) -> str:
    """What the vault knows a visitor by."""
    return hashlib.sha256(visitor.encode()).hexdigest()


def _is_over(consented_at: float, newer: Tokens) -> bool:
    """Whether a sign-in ended long ago (after half a year) and nobody came back for it."""
    return consented_at < newer.consented_at - YEAR_S


def _tokens(fields: dict[str, Any]) -> Tokens:
    return Tokens(**{**fields, "scopes": tuple(fields["scopes"])})


@contextlib.contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """Hold a lock file against other processes, where the system has such locks."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("a")
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be written: {error.strerror}.") from error
    with file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        except ImportError:  # Windows: one process serves the local user
            pass
        yield
