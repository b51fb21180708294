"""A city of the size a test can count; Beijing as the inputs have it is ``beijing``."""

import pytest

from tests.factories.reports import small_city


@pytest.fixture
def city(db):
    return small_city()
