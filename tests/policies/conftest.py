import pytest

from policies.library import read_library
from tests.factories.policies import TEXT
from tests.policies import subjects


@pytest.fixture
def tables(db):
    """The small tables of `subjects`, empty, for this test."""
    subjects.create_tables()


POLICY = TEXT.format(code="sample", number=1, title="示例办法")


@pytest.fixture(scope="session")
def library():
    """The newest edition of each."""
    files = sorted(read_library(), key=lambda file: file.policy.edition)
    return {file.policy.code: file.policy for file in files}


@pytest.fixture(scope="session")
def system(library):
    return library["beijing-academy-system-2024"]


@pytest.fixture(scope="session")
def subsidy(library):
    return library["beijing-academy-subsidy-2024"]


@pytest.fixture(scope="session")
def selection(library):
    return library["beijing-craftsman-selection-2024"]


@pytest.fixture(scope="session")
def yantai(library):
    return library["yantai-craftsman-2023"]


def item(items, code):
    return next(each for each in items if each.code == code)
