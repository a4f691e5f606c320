"""Tokens lie where only their owner finds them, and nobody else's."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from library.vault import SERVICE, FileVault, KeyringVault, MemoryVault, Tokens, open_vault
from music.errors import StoreError


class Drawer:
    """A keyring in memory, as the `keyring` package would offer it."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.held[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.held[service, name]


def tokens(n: int = 0, account: str = "ada") -> Tokens:
    return Tokens(f"SECRET-a{n}", f"SECRET-r{n}", 5.0, ("a", "b"), 1.0, account, "Ada")


@pytest.fixture(params=["memory", "file", "keyring"])
def vault(request, tmp_path):
    if request.param == "file":
        return FileVault(tmp_path / "vault" / "tokens.json")
    return MemoryVault() if request.param == "memory" else KeyringVault(Drawer())


def test_each_visitor_finds_their_own(vault):
    assert vault.get("one") is None
    vault.put("one", tokens(1))
    vault.put("two", tokens(2))
    vault.put("one", tokens(3))
    assert vault.get("one") == tokens(3)
    assert vault.get("two") == tokens(2)
    vault.drop("one")
    vault.drop("one")
    assert vault.get("one") is None
    assert vault.get("two") == tokens(2)


def test_an_account_is_forgotten_in_every_browser(vault):
    vault.put("laptop", tokens(1))
    vault.put("phone", tokens(2))
    vault.put("friend", tokens(3, "ben"))
    assert vault.drop_account("ada") == 2
    assert vault.get("laptop") is None
    assert vault.get("friend") == tokens(3, "ben")


def test_everybody_is_forgotten(vault, tmp_path):
    assert vault.drop_all() == 0
    vault.put("laptop", tokens(1))
    vault.put("friend", tokens(3, "ben"))
    assert vault.drop_all() == 2
    assert vault.get("laptop") is vault.get("friend") is None
    assert not (tmp_path / "vault" / "tokens.json").exists()


@pytest.mark.parametrize("vault", ["memory", "file"], indirect=True)
def test_browsers_that_never_came_back_are_forgotten_after_a_year(vault):
    vault.put("gone", tokens(1))
    vault.put("new", replace(tokens(2), consented_at=366 * 86_400.0))
    assert vault.get("gone") is None
    assert vault.get("new") is not None


def test_tokens_do_not_show_themselves():
    assert "SECRET" not in repr(tokens())
    assert tokens().ended().refresh == ""


def test_a_visitors_secret_is_not_in_the_vault(tmp_path):
    path, drawer = tmp_path / "tokens.json", Drawer()
    for vault in (FileVault(path), KeyringVault(drawer)):
        vault.put("visitor-secret", tokens())
    assert "visitor-secret" not in path.read_text()
    assert "visitor-secret" not in str(drawer.held)


def test_the_file_is_for_its_owner_only(tmp_path):
    path = tmp_path / "deep" / "tokens.json"
    vault = FileVault(path)
    for n in range(2):
        vault.put("one", tokens(n))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not list(path.parent.glob("*.part"))


@pytest.mark.parametrize("junk", ["", "{", "[]", "null", "\x00"])
def test_a_broken_file_only_asks_for_a_new_sign_in(tmp_path, junk):
    path = tmp_path / "tokens.json"
    path.write_text(junk)
    vault = FileVault(path)
    assert vault.get("one") is None
    vault.put("one", tokens())
    assert vault.get("one") == tokens()


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    vault = FileVault(tmp_path / "file" / "tokens.json")
    with pytest.raises(StoreError, match="cannot be written"):
        vault.put("one", tokens())


def test_many_threads_lose_nothing(tmp_path):
    vault = FileVault(tmp_path / "tokens.json")
    threads = [
        threading.Thread(target=vault.put, args=(f"visitor {n}", tokens(n))) for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(vault.get(f"visitor {n}") == tokens(n) for n in range(16))


def test_two_processes_lose_nothing(tmp_path):
    path = tmp_path / "tokens.json"
    code = (
        "import sys\nfrom pathlib import Path\nfrom library.vault import FileVault, Tokens\n"
        "vault = FileVault(Path(sys.argv[1]))\n"
        "for n in range(20):\n"
        "    vault.put(sys.argv[2] + str(n), Tokens('a', 'r', 1.0, (), 1.0))\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(path), name]) for name in ("x", "y")]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert len(json.loads(path.read_text())) == 40


def test_a_server_for_strangers_keeps_nothing_on_disk(tmp_path):
    vault = open_vault(tmp_path / "tokens.json", hosted=True)
    vault.put("one", tokens())
    assert isinstance(vault, MemoryVault)
    assert list(tmp_path.iterdir()) == []


def test_at_home_there_is_always_a_vault(tmp_path):
    vault = open_vault(tmp_path / "tokens.json", hosted=False)
    assert isinstance(vault, FileVault | KeyringVault)


def test_a_locked_keyring_is_said_and_junk_in_it_is_no_sign_in():
    class LockedError(Exception):
        pass

    class Locked(Drawer):
        def set_password(self, service: str, name: str, value: str) -> None:
            raise LockedError("it is locked")

    with pytest.raises(StoreError, match="keyring cannot be used: it is locked"):
        KeyringVault(Locked(), (LockedError,)).put("one", tokens())
    drawer = Drawer()
    KeyringVault(drawer).put("one", tokens())
    for key in drawer.held:
        drawer.held[key] = "{}"
    assert KeyringVault(drawer).get("one") is None


def test_the_keyring_holds_one_entry_a_visitor_and_an_index():
    drawer = Drawer()
    vault = KeyringVault(drawer)
    vault.put("one", tokens())
    assert len(drawer.held) == 2
    vault.drop("one")
    assert drawer.held == {(SERVICE, "visitors"): ""}
