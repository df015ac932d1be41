"""What is kept is data of the user's own: damage is told, runs nothing and changes nothing."""

import errno
import marshal
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from worksheets import cache, language

ROOT = Path(__file__).parent.parent
CONTENT = b"what was worked out"
posix = pytest.mark.skipif(os.name != "posix", reason="other systems have no such owners and modes")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty folder for what is kept, with nothing told yet."""
    monkeypatch.setenv("WORKSHEETS_CACHE", str(tmp_path / "kept"))
    cache.tell.cache_clear()
    return tmp_path / "kept"


def once(made):
    """What is kept under a name, having been made only if it has to be."""
    return cache.kept("one.data", lambda: made.append(1) or CONTENT, bytes)


def flipped(old, bit):
    place = bit * (len(old) - 1) // 7
    return old[:place] + bytes([old[place] ^ 1 << bit]) + old[place + 1 :]


class Payload:
    """What runs a command where it is unpickled."""

    def __init__(self, sentinel):
        self.command = f"touch {sentinel}"

    def __reduce__(self):
        return os.system, (self.command,)


def payloads(sentinel):
    """Files that run code where they are trusted: as pickle, Jinja's and Python's caches are."""
    code = compile(f"import os; os.system('touch {sentinel}')", "crafted", "exec")
    pickled = pickle.dumps(Payload(sentinel))
    return [pickled, marshal.dumps(code), b"j2" + pickle.dumps(5) + pickled + marshal.dumps(code)]


DAMAGES = {
    "random bytes": lambda old, sentinel: bytes(range(256)) * 3,
    "emptied": lambda old, sentinel: b"",
    "the hash alone": lambda old, sentinel: old[: cache.MARK],
    "longer": lambda old, sentinel: old + b"\n",
    "another hash": lambda old, sentinel: b"0" * 64 + old[64:],
    **{
        f"cut at {cut}": lambda old, sentinel, cut=cut: old[:cut]
        for cut in (1, 64, cache.MARK + 1, -1)
    },
    **{f"bit {bit} flipped": lambda old, sentinel, bit=bit: flipped(old, bit) for bit in range(8)},
    **{
        f"payload {which}": lambda old, sentinel, which=which: payloads(sentinel)[which]
        for which in range(3)
    },
}


def test_what_is_kept_is_made_once(folder, capsys):
    made = []
    assert [once(made), once(made)] == [CONTENT] * 2
    assert len(made) == 1
    assert [path.name for path in folder.iterdir()] == ["one.data"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_told_runs_nothing_and_changes_nothing(folder, tmp_path, capsys, damage):
    made = []
    once(made)
    path = folder / "one.data"
    right = path.read_bytes()
    path.write_bytes(DAMAGES[damage](right, tmp_path / "sentinel"))
    assert once(made) == CONTENT
    assert len(made) == 2
    assert path.read_bytes() == right
    said = capsys.readouterr().err
    assert (
        said == f"note: {path} was kept and is damaged (its hash is another one); it is made anew\n"
    )
    assert not (tmp_path / "sentinel").exists()


def test_a_kept_file_does_not_stand_for_another_one(folder, capsys):
    made = []
    once(made)
    (folder / "one.data").rename(folder / "two.data")
    assert cache.kept("two.data", lambda: b"two", bytes) == b"two"
    assert "two.data was kept and is damaged" in capsys.readouterr().err


@pytest.mark.parametrize("error", [ValueError, TypeError, KeyError, MemoryError, RecursionError])
def test_whatever_is_raised_by_a_kept_file_it_is_made_anew(folder, capsys, error):
    """Its hash is right, but somebody has crafted what it says."""
    cache.kept("one.data", lambda: b"crafted", bytes)

    def read(content):
        if content == b"crafted":
            raise error
        return content

    assert cache.kept("one.data", lambda: CONTENT, read) == CONTENT
    assert f"is damaged ({error.__name__})" in capsys.readouterr().err
    assert once([]) == CONTENT


def test_a_huge_file_is_not_read(folder, capsys):
    once([])
    with (folder / "one.data").open("r+b") as file:
        file.truncate(1 << 40)  # of which the disk has next to nothing
    assert once([]) == CONTENT
    assert "its hash is another one" in capsys.readouterr().err


@posix
def test_the_folder_is_made_for_the_user_alone(folder):
    before = os.umask(0)
    try:
        once([])
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "one.data").stat().st_mode & 0o777 == 0o600


@posix
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720, 0o702, 0o1777])
def test_a_folder_that_others_may_write_into_is_not_used(folder, capsys, mode):
    made = []
    once(made)
    folder.chmod(mode)
    before = (folder / "one.data").read_bytes()
    assert [once(made), once(made)] == [CONTENT] * 2
    assert len(made) == 3
    said = capsys.readouterr().err
    assert said == (
        f"note: {folder} is not used, as others may write into it; right is chmod 700 {folder}\n"
    )
    assert (folder / "one.data").read_bytes() == before


@posix
def test_a_folder_of_another_user_is_not_used(folder, capsys, monkeypatch):
    once([])
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    made = []
    once(made)
    assert made
    assert f"{folder} is not used, as it is another user's" in capsys.readouterr().err


def test_a_file_in_the_place_of_the_folder(folder, capsys):
    folder.write_bytes(b"mine")
    assert once([]) == CONTENT
    assert capsys.readouterr().err.startswith(f"note: nothing is kept between runs: {folder}: ")
    assert folder.read_bytes() == b"mine"


def test_a_full_disk_is_told_and_nothing_is_half_written(folder, capsys, monkeypatch):
    write = Path.write_bytes

    def fail(path, content):
        write(path, content[:2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", fail)
    assert [once([]), once([])] == [CONTENT] * 2
    assert capsys.readouterr().err == (
        f"note: nothing is kept in {folder}: No space left on device\n"
    )
    assert list(folder.iterdir()) == []


def test_nobodys_home_is_no_fault(capsys, monkeypatch):
    """As in a container whose user has neither HOME nor an entry among the users."""
    for name in ("WORKSHEETS_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    cache.tell.cache_clear()

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert [once([]), once([])] == [CONTENT] * 2
    assert capsys.readouterr().err == (
        "note: nothing is kept between runs, as this user has no home; "
        "WORKSHEETS_CACHE names another folder\n"
    )


@posix
@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="root alone is anybody")
def test_a_user_without_a_home_keeps_nothing():
    """A process of a user that the system does not know."""
    code = (
        "import os; from worksheets.cache import cache_folder; os.setgid(54321); os.setuid(54321);"
        "assert cache_folder() is None"
    )
    left_out = ("HOME", "XDG_CACHE_HOME", "WORKSHEETS_CACHE")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False,
        env={name: value for name, value in os.environ.items() if name not in left_out},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "as this user has no home" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_catalogue_says_what_it_said(folder, tmp_path, monkeypatch, capsys, damage):
    def said():
        language._catalogue.cache_clear()
        language.say_in.cache_clear()
        return [language.say_in("es")(text) for text in ("blanks", "solved", "note: calculator")]

    before = said()
    assert before[0] != "blanks"
    for path in folder.glob("messages-*"):
        path.write_bytes(DAMAGES[damage](path.read_bytes(), tmp_path / "sentinel"))
    assert said() == before
    assert capsys.readouterr().err.count(" is damaged ") == 2
    assert not (tmp_path / "sentinel").exists()
    assert said() == before
    assert capsys.readouterr().err == ""


def test_no_kept_file_is_code():
    """Nothing in the program reads a format that runs what stands in it, or evaluates a text."""
    forbidden = (
        "import marshal",
        "import shelve",
        "import dill",
        "bytecode_cache",
        " eval(",
        " exec(",
    )
    for path in (ROOT / "worksheets").rglob("*.py"):
        text = path.read_text("utf-8")
        assert not [word for word in forbidden if word in text], path
