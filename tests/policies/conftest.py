import pytest

from tests.factories.policies import TEXT
from tests.policies import subjects


@pytest.fixture
def tables(db):
    """The small tables of `subjects`, empty, for this test."""
    subjects.create_tables()


POLICY = TEXT.format(code="sample", number=1, title="示例办法")
