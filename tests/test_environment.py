"""Templates are compiled in the process that renders, and nothing of them is kept."""

from worksheets.render import environment as module
from worksheets.render.texts import folder

TEMPLATE = "cover.html.jinja"


def test_no_compiled_template_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHEETS_CACHE", str(tmp_path))
    module.environment.cache_clear()
    environment = module.environment(folder())
    assert environment.get_template(TEMPLATE) is environment.get_template(TEMPLATE)
    assert environment.bytecode_cache is None
    assert not [path for path in tmp_path.iterdir() if not path.name.startswith("messages-")]
    module.environment.cache_clear()
