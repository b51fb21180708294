"""For how long and with how many at once, as the policy of the place has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.rules.homes import home_of
from talents.rules.titles import newest_ladders

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import Organization

#: Parameters of a policy, and what is usual where it sets none.
PARAMETERS = {"mentor_max_apprentices": 5, "mentor_years_min": 1, "mentor_years_max": 3}


@dataclass(frozen=True, slots=True)
class MentorRule:
    """How many apprentices at most, and the shortest and longest agreement in years."""

    most: int
    shortest: int
    longest: int

    @classmethod
    def at(cls, organization: Organization) -> MentorRule:
        found = dict(PARAMETERS)
        for policy in newest_ladders():
            home = home_of(policy)
            if home is None or not organization.path.startswith(home.path):
                continue
            for code in PARAMETERS:
                parameter = policy.parameter(code)
                if parameter is not None and parameter.number is not None:
                    found[code] = int(parameter.number)
        return cls(*(found[code] for code in PARAMETERS))

    def is_early(self, starts_on: date, day: date) -> bool:
        """Whether an agreement has not lasted for the shortest time on that day."""
        return day < _years_after(starts_on, self.shortest)

    def fits(self, starts_on: date, ends_on: date) -> bool:
        """Whether an agreement lasts as long as it should."""
        return (
            _years_after(starts_on, self.shortest)
            <= ends_on
            <= _years_after(starts_on, self.longest)
        )


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)
