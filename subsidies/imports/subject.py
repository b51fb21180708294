"""The spending of an academy's year as the subject of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.imports.subjects import YearSubject
from academies.permissions import check_year
from subsidies.permissions import may_spend

if TYPE_CHECKING:
    from organizations.models import Organization, User


class SpendingSubject(YearSubject):
    """What one academy spent in one year."""

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        may_spend.check(actor, self.academy)
        check_year(self.academy, self.year)
