"""The same city, district and way in as the pages of the workflow are tested with."""

from tests.workflow.conftest import city, district, enter

__all__ = ["city", "district", "enter"]
