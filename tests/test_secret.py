"""A set with a secret: who has the set's code and a classmate's identifier has no key of theirs."""

import hashlib
import hmac
import json
import os
import stat
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

import worksheets as ws
from worksheets import cli, secret
from worksheets.exercise import levels_by_code
from worksheets.ids import ALPHABET, LOOKALIKES, Identity, parse
from worksheets.secret import drawn_by, given, keep_secret, mark_of, new_secret, take
from worksheets.sheet import make
from worksheets.workers.processes import executor_of

ROSTER = Path(__file__).parents[1] / "docs" / "roster.csv"
ONE, OTHER = b"b5bb9d8014a0f9b1d61e21e796d78dcc", b"7d865e959b2466918c9863afca942d0f"


@pytest.fixture
def known(monkeypatch):
    """Both secrets are given; afterwards neither is."""
    monkeypatch.setattr(secret, "_given", {mark_of(one): one for one in (ONE, OTHER)})
    monkeypatch.setattr(secret, "_unwritten", {})


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command as a process that was given no secret yet."""

    def run(*arguments):
        monkeypatch.setattr(secret, "_given", {})
        monkeypatch.setattr(secret, "_unwritten", {})
        with pytest.raises(SystemExit) as caught:
            cli.main([*map(str, arguments)])
        said = capsys.readouterr()
        return caught.value.code or 0, said.out, said.err

    return run


def values(identity):
    """The numbers, which are the same in all languages."""
    sheet = make([identity])[0]
    words = {line.name for line in sheet.graph.lines.values() if line.node.is_word}
    return {name: rows for name, rows in sheet.values.items() if name not in words}


def test_numbers_are_drawn_by_a_keyed_hash_of_the_id(known):
    assert drawn_by("RLHF-1", "") == "RLHF-1"
    by = hmac.new(ONE, b"RLHF-1", hashlib.sha256).hexdigest()
    assert drawn_by("RLHF-1", mark_of(ONE)) == by


@pytest.mark.parametrize("edition", ["free", "published"])
def test_each_secret_has_other_sheets_and_the_same_one_the_same(known, edition):
    plain = Identity("RLHF", 1, 2**30, edition)
    first, second = (replace(plain, secret=mark_of(one)) for one in (ONE, OTHER))
    assert values(first) == values(first)
    assert len({str(values(one)) for one in (plain, first, second)}) == 3
    assert values(first) == values(replace(first, language="es"))


def test_an_id_with_a_secret_is_read_back_and_each_slip_is_seen(known):
    kinds = levels_by_code()
    for one in (
        Identity("RLHF", 2, 2**30, secret="AB1Z"),  # noqa: S106
        Identity("RLHF", 2, 7, "published", secret="0000"),  # noqa: S106
        Identity("TRAN", 1, 2**39, "continued", secret="ZZZZ", language="es"),  # noqa: S106
        Identity("RLHF", 2, 2**30, theme="Z", own_theme="QRST", secret="AB1Z"),  # noqa: S106
    ):
        text = one.text
        assert parse(text.lower().replace("-", " "), kinds) == one
        for place, letter in enumerate(text):
            alike = letter.translate(LOOKALIKES)
            for other in set(ALPHABET) - {alike} if alike else ():
                wrong = text[:place] + other + text[place + 1 :]
                with pytest.raises(ws.InputError):
                    parse(wrong, kinds)


@pytest.mark.slow
def test_an_exam_is_made_marked_and_printed_again_with_its_secret_alone(run, tmp_path):
    file, output = tmp_path / "exam.secret", tmp_path / "o"
    arguments = ["class", "matmul", ROSTER, "--set", "exam", "--output", output]
    code, _, error = run(*arguments, "--secret", file)
    assert (code, error) == (0, "")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_text("ascii").strip()) == 64
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    mark = manifest["secret"]
    (sheet, *_) = (one["id"] for one in manifest["students"])
    assert f"-{mark}-" in sheet
    (key, *_) = json.loads((output / "key.json").read_text("utf-8"))
    # What somebody with the code and the identifier alone can draw is another sheet.
    number = parse(sheet, levels_by_code()).number
    (guessed,) = ws.sheets("matmul", number=number)
    assert guessed.key()["lines"] != key["lines"]

    handed = tmp_path / "answers.json"
    handed.write_text(json.dumps({"id": sheet, "cells": {"product.r1.c1": "1"}}), "utf-8")
    marks = ["mark", handed, "--class", output, "--output", tmp_path / "m", "--no-feedback"]
    enter = ["enter", sheet, "--output", tmp_path / "e"]
    for command in (["key", sheet], ["verify", sheet], ["sheet", sheet], marks, enter):
        code, _, error = run(*command)
        assert code == 2
        said = f"marked {mark}; give its file with --secret FILE"
        assert said in error
    for command in (["key", sheet, "--format", "json"], ["verify", sheet], marks):
        code, out, error = run(*command, "--secret", file)
        assert (code, error) == (0, "") or "note" in error
        if command[0] == "key":
            assert json.loads(out) == key

    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    assert run(*arguments, "--secret", file)[0] == 0
    assert {path: path.read_bytes() for path in before} == before
    code, out, _ = run(*arguments, "--secret", file, "--only", "4711")
    assert code == 0
    assert sheet in out
    another = "--secret", tmp_path / "another.secret"
    for options in ((), another, (*another, "--only", "4711")):
        code, _, error = run(*arguments, *options)
        assert code == 2
        assert "another set stands there" in error or "belongs to something else" in error
    assert not another[1].exists()  # a run that is refused makes none


def test_a_secret_is_made_when_a_run_goes_on_and_by_one_run_alone(tmp_path, known):
    file = tmp_path / "exam.secret"
    mark = new_secret(file)
    assert new_secret(file) == mark
    assert not file.exists()
    file.write_bytes(OTHER)
    with pytest.raises(ws.InputError, match="another run has made it"):
        keep_secret(mark)
    assert file.read_bytes() == OTHER
    file.unlink()
    keep_secret(mark)
    assert mark_of(file.read_bytes().strip()) == mark == new_secret(file)
    nowhere = new_secret(tmp_path / "none" / "exam.secret")
    with pytest.raises(ws.InputError, match="No such file"):
        keep_secret(nowhere)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "0 bytes could be guessed"),
        (b"password1", "9 bytes could be guessed"),
        (b"a" * 40, "40 bytes could be guessed"),
        (b"x" * 20_000, "could be guessed, or are no secret"),
        (None, "Is a directory"),
    ],
)
def test_a_secret_that_is_none_is_refused(run, tmp_path, content, says):
    file = tmp_path / "exam.secret"
    file.mkdir() if content is None else file.write_bytes(content)
    for command in (
        ["class", "matmul", ROSTER, "--set", "exam", "--output", tmp_path / "o"],
        ["key", "MATM-1F10E-0007-X"],
    ):
        code, _, error = run(*command, "--secret", file)
        assert code == 2
        assert f"secret {file}: " in error
        assert says in error
    assert not (tmp_path / "o").exists()


def test_a_secret_that_is_not_there_is_named(run, tmp_path):
    assert "No such file" in run("key", "MATM", "--secret", tmp_path / "none")[2]


def test_processes_that_are_started_have_it_too(known):
    with executor_of(None, 1) as executor:
        assert executor.submit(given).result() == dict(given())
    with get_context("spawn").Pool(1) as pool:  # as on other systems
        assert pool.apply(given) == {}
        pool.apply(take, (dict(given()),))
        assert pool.apply(given) == dict(given())
