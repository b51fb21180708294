"""That something was won which entitles, or is lost: said as a job, done by whichever app above pays for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.jobs import enqueue
from workflow.records import subject_of

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from talents.models import BoostYear, Honour, PublicNotice

#: The names of the jobs; their worker stands in an app above, which this one does not know.
TITLES_NAMED, YEAR_PASSED = "talents.titles-named", "talents.boost-year-passed"
TITLE_REVOKED = "talents.title-revoked"


def follow_up_titles(notice: PublicNotice, *, actor: User) -> None:
    """Titles of the list were given."""
    enqueue(
        TITLES_NAMED,
        subject_of(notice),
        label=f"{notice.round.name}：按命名决定提出奖励",
        requested_by=actor,
        organization=notice.organization,
    )


def follow_up_revocation(honour: Honour, *, actor: User) -> None:
    """A title was taken back: what is not paid yet for it is not to be paid."""
    enqueue(
        TITLE_REVOKED,
        subject_of(honour),
        label=f"{honour}：按撤销决定办结未发放的奖励",
        requested_by=actor,
        organization=honour.organization,
    )


def follow_up_year(asked: BoostYear, organization: Organization, *, actor: User) -> None:
    """A year of a project passed its review."""
    enqueue(
        YEAR_PASSED,
        subject_of(asked),
        label=f"{asked}：按评审结论提出助推资金",
        requested_by=actor,
        organization=organization,
    )
