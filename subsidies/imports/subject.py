"""The spending of an academy's year as the subject of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.imports.subjects import YearSubject
from academies.permissions import check_year
from organizations.models import User
from policies.library.editions import load_library
from subsidies.permissions import may_spend
from subsidies.rules.eligibility import is_loaded

if TYPE_CHECKING:
    from intake.models import ImportBatch
    from intake.spreadsheets.tables import Table
    from organizations.models import Organization


class SpendingSubject(YearSubject):
    """What one academy spent in one year."""

    def prepare(self, batch: ImportBatch, table: Table) -> None:
        """The policy that uses are held against, where nobody has loaded it yet."""
        if not is_loaded():
            load_library(actor=User.objects.system())

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        may_spend.check(actor, self.academy)
        check_year(self.academy, self.year)
