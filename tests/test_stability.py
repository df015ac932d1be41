"""Same ID, same sheet: alone or in any batch, in any process, for ever."""

import json
import os
import random
import subprocess
import sys
from itertools import product
from pathlib import Path

import make_golden
import pytest
from every_kind import KINDS

from worksheets import ids
from worksheets.ids import Identity
from worksheets.sheet import make, read_id

ROOT = Path(__file__).parents[1]
MIXED = [
    Identity("RLHF", level, number, edition, theme)
    for level in (1, 2, 3)
    for edition, theme in (("free", "0"), ("free", "P"), ("published", "0"))
    for number in (0, 1, 2, 99, 32**4, ids.LARGEST_NUMBER)
]


def as_json(identities: list[Identity]) -> dict[str, str]:
    return {one.id: json.dumps(one.key(), ensure_ascii=False) for one in make(identities)}


@pytest.fixture(scope="module")
def together() -> dict[str, str]:
    """All of them within large batches, one a level and edition."""
    found = {}
    for level, edition in product((1, 2, 3), ("free", "published")):
        some = [one for one in MIXED if (one.level, one.edition) == (level, edition)]
        crowd = [Identity("RLHF", level, number, edition) for number in range(3, 200)]
        found |= as_json([*crowd, *some])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("identity", MIXED[::3], ids=lambda one: one.text)
def test_a_sheet_alone_is_the_sheet_in_a_batch(
    together: dict[str, str], identity: Identity
) -> None:
    assert as_json([identity]) == {identity.text: together[identity.text]}


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 7, 64])
def test_the_size_of_a_batch_changes_nothing(
    together: dict[str, str], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["worksheets.sheet"], "LARGEST_BATCH", size)
    found = as_json(MIXED)
    assert found == {identity.text: together[identity.text] for identity in MIXED}


def test_the_order_of_a_batch_changes_nothing_and_is_kept(together: dict[str, str]) -> None:
    shuffled = MIXED * 2
    random.Random(7).shuffle(shuffled)
    made = make(shuffled)
    assert [one.identity for one in made] == shuffled
    for one in made:
        assert json.dumps(one.key(), ensure_ascii=False) == together[one.id]


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_prints_the_same_bytes(
    together: dict[str, str], seed: str, tmp_path: Path
) -> None:
    printed = [identity.text for identity in MIXED[::5]]
    done = subprocess.run(
        [sys.executable, str(ROOT / "generator.py"), "key", *printed, "--format", "json"],
        env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": "Asia/Tokyo"},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().splitlines() == [together[one] for one in printed]


def golden(kind: str) -> dict[str, dict]:
    path = make_golden.FOLDER / f"{kind}.json"
    assert path.exists(), f"{kind} lacks golden keys: run `python tests/make_golden.py {kind}`"
    return json.loads(path.read_text("utf-8"))


@pytest.mark.slow
@KINDS
def test_golden_ids_give_their_sheets_for_ever(kind: str) -> None:
    keys = golden(kind)
    assert list(keys) == [identity.text for identity in make_golden.identities(kind)]
    again = make([read_id(text) for text in keys])
    for one, key in zip(again, keys.values(), strict=True):
        assert json.dumps(one.key()) == json.dumps(key)  # the order of fields as well


def test_golden_sheets_are_of_every_level_and_edition_and_have_a_theme() -> None:
    keys = golden("rlhf")
    assert {(key["level"], key["edition"]) for key in keys.values()} == {
        (level, edition) for level in (1, 2, 3) for edition in ("free", "published")
    }
    assert list(keys.values())[-1]["theme"] == "pirate"


def test_golden_sheets_are_not_overwritten_by_accident(tmp_path: Path) -> None:
    path = tmp_path / "matmul.json"
    right = make_golden.text("matmul")
    make_golden.main(["matmul"], tmp_path)
    assert path.read_text("utf-8") == right
    path.write_text("old", "utf-8")
    for arguments, says in (
        (["matmul", "--yes"], "usage"),
        ([], "usage"),
        (["matmul"], "overwrite it with --force"),
    ):
        with pytest.raises(SystemExit, match=says):
            make_golden.main(arguments, tmp_path)
        assert path.read_text("utf-8") == "old"
    make_golden.main(["matmul", "--force"], tmp_path)
    assert path.read_text("utf-8") == right
