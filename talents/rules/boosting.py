"""Whether a studio project may be boosted in a year, as the policy of the ladder has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from talents.models import BoostYear, Honour
from talents.rules.titles import newest_ladders
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from talents.models import Person, StudioProject

AMOUNT = "studio_boost"
FIRST, ONE_PROJECT, LOST = (
    "boost_needs_first_author",
    "boost_is_one_project",
    "boost_gap_year_is_lost",
)
PARAMETERS = (FIRST, ONE_PROJECT, LOST)


@dataclass(frozen=True, slots=True)
class BoostRule:
    """Of which title, for how many years; whether as first author, for one project, and gaps are lost."""

    scheme: str
    tier: str
    years: int
    is_first: bool
    is_one_project: bool
    loses_gaps: bool

    @classmethod
    def current(cls) -> BoostRule | None:
        """That of the newest ladder that boosts; None where no policy does."""
        for policy in newest_ladders():
            amount = next((a for a in policy.amounts if a.code == AMOUNT), None)
            if amount is not None:
                asked = (policy.parameter(code) for code in PARAMETERS)
                switches = [one is not None and one.enabled is True for one in asked]
                return cls(policy.code, amount.level, amount.years or 1, *switches)
        return None

    def beneficiary(self, project: StudioProject) -> Person:
        """Whose title it rests on: who stands first for the project, or who leads the studio."""
        return project.lead if self.is_first else project.studio.leader

    def title_of(self, person: Person) -> Honour | None:
        """The title in force that it rests on, the first of several."""
        valid = Honour.objects.filter(person=person, state=Honour.State.VALID)
        titled = valid.filter(scheme=self.scheme, tier=self.tier)
        return titled.order_by("year", "pk").first()

    def why_not(self, project: StudioProject, year: int) -> DomainError | None:
        """Why the project is not boosted in that year; one that has not begun has no progress to look at."""
        if refusal := self._unprovided_for(project, year):
            return refusal
        if year > timezone.localdate().year:
            message = f"{year}年还没有开始，没有可以评审的进展，请到当年再申报"
            return DomainError("boost-year-not-begun", message)
        return None

    def _unprovided_for(self, project: StudioProject, year: int) -> DomainError | None:
        person = self.beneficiary(project)
        title = self.title_of(person)
        if title is None:
            who = "项目第一完成人" if self.is_first else "工作室领衔人"
            message = f"{who}{person.name}没有有效的北京大工匠称号，不能申报助推"
            return DomainError("boost-without-title", message)
        if year < title.year:
            return DomainError(
                "boost-before-title", f"{person.name}于{title.year}年命名，不能早于命名之年"
            )
        if not project.starts_on.year <= year <= project.ends_on.year:
            message = f"项目{project.starts_on}立项、计划{project.ends_on}结题，{year}年不在研"
            return DomainError("boost-not-in-progress", message)
        return self._unless_consecutive(person, project, year)

    def _unless_consecutive(
        self, person: Person, project: StudioProject, year: int
    ) -> DomainError | None:
        passed = list(
            BoostYear.objects.filter(person=person, state=BoostYear.State.PASSED)
            .order_by("year")
            .values_list("year", "project")
        )
        if not passed:
            return None
        first, others = passed[0][0], {pk for _, pk in passed} - {project.pk}
        if self.is_one_project and others:
            message = "助推资金按同一项目连续拨付，此人已有另一个助推项目"
            return DomainError("boost-of-another-project", message)
        if len(passed) >= self.years or (self.loses_gaps and year >= first + self.years):
            message = (
                f"助推自{first}年起连续{self.years}年，"
                f"已通过{'、'.join(str(one) for one, _ in passed)}年；间断之年作废，{year}年不再助推"
            )
            return DomainError("boost-years-over", message)
        if year < first:
            return DomainError("boost-before-the-first", f"助推自{first}年起，不能倒补{year}年")
        return None
