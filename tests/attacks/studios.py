"""Studios as the product leaves them, and attacks on what keeps them and their boosted years."""

from datetime import date

from organizations.models import User
from talents.models import StudioMember
from talents.workflow.studios import add_member, close_studio, judge_boost
from tests.attacks.attack import APP, Attack
from tests.factories.organizations import UserFactory
from tests.factories.studios import asked_year, named_studio, project_of, studio_of, titled
from tests.factories.talents import PersonFactory

ANOTHER = "(select max(id) from organizations_user)"
STATES = {
    "talents_studio": ("talents.studio", "studio", "draft", "closed"),
    "talents_boostyear": ("talents.boostyear", "boost_year", "filed", "failed"),
}
ALONG = {
    ("talents_studio", "closed"): f", decided_by_id = {ANOTHER}",
    ("talents_boostyear", "failed"): (
        f", finding = 'x', decided_on = current_date, decided_by_id = {ANOTHER}"
    ),
}
ROWS = {
    "talents_studio": "state = 'draft'",
    "talents_boostyear": "state = 'filed'",
    "talents_studiomember": "left_on is null",
}
DANGLING = {
    ("talents_studio", "decided_by_id"): ("decided_by_id = -1", "state = 'named'"),
    ("talents_boostyear", "decided_by_id"): ("decided_by_id = -1", "state = 'failed'"),
}
EQUIVALENT = {"talents_boostyear.talents_boostyear_year_check": "boost_year_is_plausible"}
CHANGES = {
    "talents_studio": {
        "studio_is_decided_by_another": ("decided_by_id = proposed_by_id", "state = 'closed'"),
        "studio_named_says_level_document_and_day": ("document_number = ''", "state = 'named'"),
    },
    "talents_studiomember": {
        "studio_member_leaves_after_joining": ("left_on = joined_on - 1",),
    },
    "talents_studioproject": {
        "studio_project_ends_after_it_begins": ("ends_on = starts_on",),
    },
    "talents_boostyear": {
        "boost_year_is_decided_by_another": ("decided_by_id = filed_by_id", "state = 'failed'"),
        "boost_year_is_plausible": ("year = 1900",),
    },
}


def kept(city):
    """Studios that wait, are named and closed; a member, a project, years that wait and failed."""
    system = User.objects.system()
    studio_of(city.east)
    gone = named_studio(city.east)
    close_studio(gone.pk, note="连续两年无活动", actor=system)
    studio = named_studio(city.east, leader=titled(city.east))
    member = PersonFactory(organization=city.east)
    add_member(studio.pk, member.pk, joined_on=date(2025, 1, 1), actor=system)
    project, filer = project_of(studio), UserFactory()
    failed = asked_year(project, 2024)
    type(failed).objects.filter(pk=failed.pk).update(filed_by=filer)
    judge_boost(failed.pk, is_passed=False, note="进展不足", actor=system)
    waits = asked_year(project, 2025)
    type(waits).objects.filter(pk=waits.pk).update(filed_by=filer)
    assert StudioMember.objects.count() == 1


def attacks(database, copy):
    """A studio and a year asked for are begun at their first states."""
    first = "begins_at_the_first_state"
    statement = copy(
        database, "talents_studio", id="id + 1000", name="'another'", state="'closed'",
        decided_by_id=ANOTHER,
    )  # fmt: skip
    yield Attack(APP, f"talents_studio.studio_{first}", statement, "JX006", f"studio_{first}")
    statement = copy(
        database, "talents_boostyear", id="id + 1000", state="'failed'", year="2099",
        finding="'x'", decided_on="current_date", decided_by_id=ANOTHER,
    )  # fmt: skip
    yield Attack(
        APP, f"talents_boostyear.boost_year_{first}", statement, "JX006", f"boost_year_{first}"
    )
