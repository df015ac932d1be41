"""Tests that share what is made once run in one process, where there are several."""

import pytest

from worksheets.exercise import all_kinds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A group for each kind's tests, and for each file's that are of no kind in particular.

    Most of the time goes into sheets, pages and layouts, which modules and fixtures keep.
    """
    kinds = set(all_kinds())
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        named = [one for one in parameters if isinstance(one, str) and one in kinds]
        item.add_marker(pytest.mark.xdist_group(named[0] if named else item.path.stem))
