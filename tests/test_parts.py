"""Parts of an interrupted class set: what is not as it was written is made anew and told."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from hmac import digest
from pathlib import Path

import pytest

from worksheets.class_set import part, work
from worksheets.class_set.build import build
from worksheets.class_set.order import Order
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.roster.students import Student

ORDER = Order(
    specification=Specification("matmul", 1, solved=False),
    set_name="Autumn 26",
    students=tuple(Student(f"s-{n:03d}", f"Name {n}", row=n + 2) for n in range(110)),
    roster="roster.csv",
    identity=Identity("MATM", 1, 0),
    formats=frozenset({"pdf"}),
)


def flipped(old, place):
    place %= len(old)
    return old[:place] + bytes([old[place] ^ 1]) + old[place + 1 :]


def crafted(old, path):
    """A part that says otherwise, sealed by somebody who has not this user's key."""
    data = old[part.SEAL :].replace(b'"rows"', b'"r0ws"').replace(b"facts", b"fakes")
    return digest(bytes(part.SEAL), path.name.encode() + b"\0" + data, "sha256") + data


DAMAGES = {
    "emptied": lambda old, path: b"",
    "random bytes": lambda old, path: bytes(range(256)) * 9,
    "the seal alone": lambda old, path: old[: part.SEAL],
    "cut in the facts": lambda old, path: old[:200],
    "cut at the end": lambda old, path: old[:-1],
    "longer": lambda old, path: old + b"\n",
    "a bit of the seal": lambda old, path: flipped(old, 3),
    "a bit of the facts": lambda old, path: flipped(old, 100),
    "a bit of the pages": lambda old, path: flipped(old, -2000),
    "without a seal": lambda old, path: old[part.SEAL :],
    "with a plain hash": lambda old, path: sha256(old[part.SEAL :]).digest() + old[part.SEAL :],
    "crafted": crafted,
}


def built(output, told=None):
    with ThreadPoolExecutor(1) as executor:
        tell = (lambda note: None) if told is None else told.append
        return build(ORDER, output, executor, workers=1, tell=tell)


def contents(output):
    return {
        str(path.relative_to(output)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    output = tmp_path_factory.mktemp("undisturbed")
    built(output)
    return contents(output)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """The folder of a set of two chunks that was stopped after the first."""
    output = tmp_path_factory.mktemp("stopped")

    def stop(chunks, paths, folder, key):
        part.written(chunks[:1], paths[:1], folder, key)
        raise KeyboardInterrupt

    class Stopping:
        written = staticmethod(stop)

        def __getattr__(self, name):
            return getattr(part, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "part", Stopping())
        with pytest.raises(KeyboardInterrupt):
            built(output)
    assert len(list(output.glob(".*-parts/*.part"))) == 1
    return output


@pytest.fixture
def interrupted(stopped, tmp_path) -> tuple[Path, Path]:
    """A copy of it, and its part."""
    output = Path(shutil.copytree(stopped, tmp_path / "set"))
    (path,) = output.glob(".*-parts/*.part")
    return output, path


@pytest.mark.slow
def test_a_part_that_is_whole_is_not_made_again(interrupted, undisturbed, monkeypatch):
    output, _ = interrupted
    done, told = [], []
    monkeypatch.setattr(
        part, "work", lambda chunks, do=part.work: done.extend(chunks) or do(chunks)
    )
    certificate = built(output, told)
    assert len(done) == 1
    assert told == []
    assert certificate.proved_by_the_law == 110
    assert contents(output) == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_part_is_told_and_made_anew(interrupted, undisturbed, monkeypatch, damage):
    output, path = interrupted
    path.write_bytes(DAMAGES[damage](path.read_bytes(), path))
    done, told = [], []
    monkeypatch.setattr(
        part, "work", lambda chunks, do=part.work: done.extend(chunks) or do(chunks)
    )
    built(output, told)
    assert sum(len(chunk.identities) for chunk in done) == 110  # each sheet is proved
    assert told == [f"{path} was kept and is damaged; its sheets are made anew"]
    assert contents(output) == undisturbed


def test_a_part_does_not_stand_for_another_one(interrupted, undisturbed):
    output, path = interrupted
    path.rename(path.with_name(path.name.replace("000000-", "000100-")))
    built(output)
    assert contents(output) == undisturbed


@pytest.mark.parametrize(
    "how", [lambda old: b"", lambda old: old[:-9], lambda old: flipped(old, 99)]
)
def test_a_damaged_single_file_is_made_anew(interrupted, undisturbed, how):
    output, _ = interrupted
    one = min((output / "forms").iterdir())
    one.write_bytes(how(one.read_bytes()))
    built(output)
    assert contents(output) == undisturbed
