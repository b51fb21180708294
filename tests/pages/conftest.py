"""Lists of nominations are checked as in the tests of talents."""

from tests.talents.conftest import check

__all__ = ["check"]
