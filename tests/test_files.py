"""Files stand whole or not at all, and nobody's other file is lost."""

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from worksheets.errors import InputError
from worksheets.files import prepared, write_all

PAIR = {"a-blank.pdf": b"blank", "a-solved.pdf": b"solved"}


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_writes_into_a_new_folder(tmp_path):
    write_all(tmp_path / "deep" / "out", PAIR)
    assert names(tmp_path / "deep" / "out") == sorted(PAIR)
    assert (tmp_path / "deep" / "out" / "a-solved.pdf").read_bytes() == b"solved"


def test_leaves_the_same_bytes_alone(tmp_path):
    write_all(tmp_path, PAIR)
    before = {}
    for name in PAIR:
        os.utime(tmp_path / name, ns=(1, 1))
        before[name] = (tmp_path / name).stat()
    write_all(tmp_path, PAIR, force=True)
    for name, stat in before.items():
        assert (tmp_path / name).stat().st_mtime_ns == 1
        assert (tmp_path / name).stat().st_ino == stat.st_ino


@pytest.mark.parametrize("other", [b"SOLVED", b"something longer", b""])
def test_refuses_other_bytes_before_it_writes_anything(tmp_path, other):
    (tmp_path / "a-solved.pdf").write_bytes(other)
    with pytest.raises(InputError, match=r"a-solved\.pdf exists and holds something else"):
        write_all(tmp_path, PAIR)
    assert names(tmp_path) == ["a-solved.pdf"]
    assert (tmp_path / "a-solved.pdf").read_bytes() == other
    write_all(tmp_path, PAIR, force=True)
    assert (tmp_path / "a-solved.pdf").read_bytes() == b"solved"
    assert names(tmp_path) == sorted(PAIR)


def test_a_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "a-solved.pdf").mkdir()
    with pytest.raises(InputError, match="it is a folder"):
        write_all(tmp_path, PAIR, force=True)
    assert names(tmp_path) == ["a-solved.pdf"]


@pytest.mark.parametrize("below", ["", "sub"])
def test_an_output_folder_that_is_a_file(tmp_path, below):
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(InputError, match=f"output folder {tmp_path / 'out'}"):
        write_all(tmp_path / "out" / below, PAIR, force=True)
    assert (tmp_path / "out").read_bytes() == b"mine"


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path):
    new = tmp_path / "there" / "new"
    new.parent.mkdir()
    with prepared(new / "out"):
        assert (new / "out").is_dir()
    assert names(tmp_path / "there") == []
    with prepared(new / "out"):
        write_all(new, PAIR)
    assert names(new) == sorted(PAIR)
    with prepared(tmp_path / "there"):
        pass
    assert names(tmp_path) == ["there"]


def test_a_folder_that_is_not_writable(tmp_path):
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user may write anywhere")
        with pytest.raises(InputError, match="Permission denied"):
            write_all(tmp_path, PAIR)
    finally:
        tmp_path.chmod(0o700)
    assert names(tmp_path) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("failing", sorted(PAIR))
def test_a_write_that_fails_half_way(tmp_path, monkeypatch, code, failing):
    write = Path.write_bytes

    def fail(path, content):
        write(path, content[:2])
        if failing in path.name:
            raise OSError(code, os.strerror(code))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(InputError) as caught:
        write_all(tmp_path, PAIR)
    assert str(caught.value) == f"cannot write {tmp_path / failing}: {os.strerror(code)}"
    assert names(tmp_path) == []


def test_an_interrupt_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(path, content):
        path.touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_all(tmp_path, PAIR)
    assert names(tmp_path) == []


@pytest.fixture
def mounted(tmp_path):
    """A real file system of 64 kB, where this user may mount one."""
    folder = tmp_path / "mount"
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]
    if not mount or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk(mounted):
    with pytest.raises(InputError, match="No space left on device"):
        write_all(mounted, {"small": b"1", "large": bytes(200_000)})
    assert names(mounted) == []


def test_a_read_only_disk(mounted):
    subprocess.run(["mount", "-o", "remount,ro", mounted], check=True)
    with pytest.raises(InputError, match="Read-only file system"):
        write_all(mounted, PAIR)
