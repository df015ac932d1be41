"""The plans that are kept are of the kinds as they are: searching a stale one takes seconds."""

import pytest

from worksheets import exercise
from worksheets.ids import LANGUAGES
from worksheets.render.autolayout import plan
from worksheets.render.autolayout.pages import drawn, reader_of
from worksheets.views.page import PAPERS


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
@pytest.mark.parametrize("kind", sorted(exercise.all_kinds()))
def test_each_plan_is_of_its_kind_as_it_is(kind: str, language: str) -> None:
    stale = []
    for level in exercise.all_kinds()[kind].LEVELS:
        reader = reader_of(kind, level, language)
        for paper in PAPERS:
            name = plan.name_of(kind, level, language, paper)
            kept = plan.kept(name, reader.graph)
            if kept is None or drawn(reader, kept, paper) is None:
                stale.append(name)
    assert not stale, "`make plans` searches them anew"
