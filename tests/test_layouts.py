"""Kept layouts are data: read back whole they are what was laid out, and else they are refused."""

import json
import zlib
from random import Random

import pytest

from worksheets import cache
from worksheets.layouts import store
from worksheets.layouts.checks import DamagedError
from worksheets.layouts.fonts_format import unpacked_fonts
from worksheets.layouts.format import packed, unpacked
from worksheets.layouts.specification import Specification
from worksheets.stamp.layout import Layout

KEPT = Specification("matmul", 1, solved=False)


@pytest.fixture(scope="module")
def layout() -> Layout:
    return KEPT.lay_out()


@pytest.fixture(scope="module")
def files(layout) -> tuple[bytes, bytes]:
    return packed(layout)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Forget what was read, told and kept."""
    monkeypatch.setenv("WORKSHEETS_CACHE", str(tmp_path))
    tmp_path.chmod(0o700)
    cache.tell.cache_clear()
    store._fonts.cache_clear()
    yield tmp_path
    store._fonts.cache_clear()


def read(content: bytes, fonts: bytes) -> Layout:
    return unpacked(content, lambda name: unpacked_fonts(name, fonts))


def same(one: Layout, other: Layout) -> bool:
    fields = set(Layout.__dataclass_fields__) - {"faces"}
    faces = [
        {name: (face.file, face.advances) for name, face in some.faces.items()}
        for some in (one, other)
    ]
    return faces[0] == faces[1] and all(getattr(one, f) == getattr(other, f) for f in fields)


def changed(content: bytes, change) -> bytes:
    data = json.loads(zlib.decompress(content))
    change(data)
    return zlib.compress(json.dumps(data).encode())


def test_a_layout_is_read_back_as_it_was(layout, files):
    assert same(read(*files), layout)
    assert packed(read(*files)) == files


def test_blank_and_solved_are_data_alone(files):
    for content in files:
        assert json.loads(zlib.decompress(content))


def out_of_range(place):
    def change(data):
        some = data
        for key in place[:-1]:
            some = some[key]
        some[place[-1]] = 10**6

    return change


@pytest.mark.parametrize(
    "place",
    [
        ("version",),
        ("slots", 0, 3),
        ("slots", 0, 5),
        ("places", 0, 0),
        ("groups", 0, 0, 0),
        ("codes", 0, 0),
        ("elements", 1, 1),
        ("elements", 0, 3, 0),
        ("fonts",),
        ("objects", -1),
        ("tables", 0, 2),
        ("cells", 1, 0),
        ("cells", 3, 0),
        ("fields", 0, 0, 0),
    ],
)
def test_a_number_that_refers_to_nothing_is_refused(files, place):
    with pytest.raises(DamagedError):
        read(changed(files[0], out_of_range(place)), files[1])


@pytest.mark.parametrize("value", [None, True, "12", [1], {"a": 1}, 1e9])
def test_a_field_of_another_type_is_refused(files, value):
    for name in (
        "language",
        "leaves",
        "slots",
        "places",
        "codes",
        "styles",
        "elements",
        "tables",
        "cells",
        "fields",
    ):
        with pytest.raises(DamagedError):
            read(changed(files[0], lambda data, name=name: data.update({name: value})), files[1])
    for name in ("leaves", "slots", "groups", "codes", "styles", "elements", "tables", "cells"):

        def change(data, name=name):
            data[name][0] = value

        with pytest.raises(DamagedError):
            read(changed(files[0], change), files[1])


def test_operators_and_references_stay_where_they_belong(files):
    def ink(data):
        data["styles"][0][2] = "0 g) Tj (smuggled"

    def resource(data):
        data["resources"]["Font"] = "{99} 0 R"

    def face(data):
        data["faces"][next(iter(data["faces"]))][0] = "../../secret.ttf"

    for change in (ink, resource):
        with pytest.raises(DamagedError):
            read(changed(files[0], change), files[1])
    other = changed(files[1], face)
    with pytest.raises(DamagedError):
        unpacked_fonts(store.fonts_name(other), other)
    with pytest.raises(DamagedError):  # the name is the content's hash
        read(files[0], changed(files[1], lambda data: data["objects"].reverse()))


@pytest.mark.slow
def test_what_unpacks_to_more_than_any_layout_has_is_refused(files):
    bomb = zlib.compress(bytes(100 << 20))
    with pytest.raises(DamagedError):
        read(bomb, files[1])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_is_told_and_made_anew(layout, folder, capfd, seed):
    """Cut off, with a bit turned, of random bytes, empty, or another layout's."""

    def kept():
        store._fonts.cache_clear()
        return store.kept(("test", 1), lambda: layout)

    kept()
    names = sorted(path.name for path in folder.iterdir())
    before = {name: (folder / name).read_bytes() for name in names}
    random = Random(seed)
    for name in names:
        content = before[name]
        at = random.randrange(len(content))
        damages = [
            content[:at],
            content[:at] + bytes([content[at] ^ (1 << random.randrange(8))]) + content[at + 1 :],
            random.randbytes(300),
            b"",
            b"cos\nsystem\n(S'touch pwned'\ntR.",
        ]
        for damaged in damages:
            (folder / name).write_bytes(damaged)
            capfd.readouterr()
            cache.tell.cache_clear()
            assert same(kept(), layout)
            told = capfd.readouterr().err
            assert name in told
            assert "made anew" in told
            assert {one: (folder / one).read_bytes() for one in names} == before
    assert sorted(path.name for path in folder.iterdir()) == names


def test_a_layout_depends_on_its_kind_and_on_no_other(monkeypatch, tmp_path):
    keys = {kind: store.key_of(("sheet",), kind) for kind in ("matmul", "dpo")}
    assert len(set(keys.values())) == 2
    original = store._hashed

    def other(some, text=""):
        return original(some, text) + ("x" if any(one.stem == "matmul" for one in some) else "")

    monkeypatch.setattr(store, "_hashed", other)
    store._kind.cache_clear()
    try:
        assert store.key_of(("sheet",), "matmul") != keys["matmul"]
        assert store.key_of(("sheet",), "dpo") == keys["dpo"]
    finally:
        store._kind.cache_clear()
