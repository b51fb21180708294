"""In which order tests run, and what they begin with."""

import gc
from itertools import compress

import pytest

from tests.permissions.tables import ROWS


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What is asked of one row of the permission table stands together: its objects are made once."""
    places = {id(row): place for place, row in enumerate(ROWS)}

    def place_of(item):
        about = item.callspec.params.get("row") if hasattr(item, "callspec") else None
        return places.get(id(about), -1)

    of_the_table = [item.path.stem == "test_permission_matrix" for item in items]
    in_order = iter(sorted(compress(items, of_the_table), key=place_of))
    items[:] = [
        next(in_order) if among else item for item, among in zip(items, of_the_table, strict=True)
    ]


def pytest_collection_finish():
    """What was imported and collected lives as long as the session: it is not searched for rubbish again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
