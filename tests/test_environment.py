"""Templates are compiled once and kept, and whatever is kept changes no page."""

from pathlib import Path

import pytest

from worksheets.render import environment as module
from worksheets.render.page import folder

TEMPLATE = "cover.html.jinja"


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    """An empty folder for what is kept."""
    monkeypatch.setenv("WORKSHEETS_CACHE", str(tmp_path))
    return tmp_path / "templates"


def compiled_anew(monkeypatch) -> bool:
    """Whether a fresh environment compiles the template."""
    module.environment.cache_clear()
    environment, seen = module.environment(folder()), []
    compile_ = environment.compile
    monkeypatch.setattr(
        environment, "compile", lambda *rest, **more: seen.append(1) or compile_(*rest, **more)
    )
    environment.get_template(TEMPLATE)
    module.environment.cache_clear()
    return bool(seen)


def test_a_template_is_compiled_once(kept, monkeypatch):
    assert compiled_anew(monkeypatch)
    assert not compiled_anew(monkeypatch)
    assert len(list(kept.iterdir())) == 1


@pytest.mark.parametrize("damage", [lambda old: old[:40], lambda old: b"", lambda old: old[:-9]])
def test_a_damaged_file_is_replaced(kept, monkeypatch, damage):
    compiled_anew(monkeypatch)
    (file,) = kept.iterdir()
    right = file.read_bytes()
    file.write_bytes(damage(right))
    assert compiled_anew(monkeypatch)
    assert file.read_bytes() == right


def test_no_place_to_keep_them_is_no_fault(kept, monkeypatch):
    kept.write_bytes(b"a file where the folder should be")
    assert compiled_anew(monkeypatch)
    assert compiled_anew(monkeypatch)
