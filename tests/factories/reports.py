"""Reports as they stand after drawing up, and a small city they can be drawn up for."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from academies.models import Academy
from organizations.models import User
from policies.library.editions import load_library
from policies.models import PolicyEdition
from reports import workflow
from reports.models import Figure, TargetReport
from reports.rules.snapshots import Part, freeze
from reports.services.asking import Wish, ask
from reports.services.drawing import draw_up
from tests.factories.academies import AcademyFactory, BrandFactory, ClassFactory, EnrolmentFactory
from tests.factories.organizations import OrganizationFactory, with_child
from tests.factories.policies import policy_edition

POLICY = "beijing-academy-system-2024"
YEAR = 2025


def draft_report(organization, **facts):
    """A report that was asked for and has no figures yet."""
    edition = facts.pop("policy_edition", None) or policy_edition()
    return TargetReport.objects.create(
        policy=edition.code,
        policy_edition=edition,
        organization=organization,
        place_code=organization.code,
        place_name=organization.name,
        requested_by=User.objects.system(),
        **({"year": YEAR} | facts),
    )


def sealed_report(organization, **facts):
    """The smallest sealed report: one figure, which counted one academy."""
    report = draft_report(organization, **facts)
    academy = AcademyFactory(supervising_union=organization, designated_on=date(YEAR, 5, 1))
    figure = Figure.objects.create(
        report=report,
        position=1,
        kind=Figure.Kind.TARGET,
        code="built",
        measure="capital_academies_built",
        title=f"新建学院（{report.policy}）",
        unit="家",
        organization=organization,
        place_code=organization.code,
        place_name=organization.name,
        is_total=True,
        period="2025年",
        planned=1,
        actual=1,
        standing="met",
        met=True,
    )
    params = {
        "organization": organization.pk,
        "tier": academy.tier,
        "first": f"{YEAR}-01-01",
        "last": f"{YEAR}-12-31",
    }
    freeze(figure.pk, 0, Part("academies.built", params), Academy.objects.filter(pk=academy.pk))
    report.data_as_of, report.figure_count = datetime(2026, 1, 5, 2, tzinfo=UTC), 1
    report.save(update_fields=["data_as_of", "figure_count"])
    return workflow.seal(report.pk)


def small_city():
    """A city with a district, an industry union and a group; one capital academy that taught in 2025.

    ``taught``: two classes, one of them practical, three persons, one of whom came twice and one of
    whom rose.
    """
    load_library(actor=User.objects.system())
    city = OrganizationFactory(code="BJ", name="北京市总工会", kind="city")
    east = with_child(city, "district", code="BJ-1", name="东城区总工会")
    schools = with_child(city, "industry", code="BJ-I1", name="北京市教育工会")
    group = with_child(city, "group", code="BJ-G1", name="首钢集团工会")
    academy = AcademyFactory(
        code="A-EAST",
        name="首都工匠学院（一）",
        supervising_union=east,
        designated_on=date(2024, 3, 1),
    )
    for name in ("电工", "钳工"):
        BrandFactory(academy=academy, name=name, since=academy.designated_on)
    theory = ClassFactory(academy=academy, number="1")
    practice = ClassFactory(academy=academy, number="2", is_practical=True)
    first = EnrolmentFactory(training_class=theory)
    risen = EnrolmentFactory(
        training_class=practice, passed=True, level_before="4", level_after="3"
    )
    EnrolmentFactory(training_class=practice, person=first.person)
    EnrolmentFactory(training_class=theory)
    return SimpleNamespace(
        city=city, east=east, schools=schools, group=group, academy=academy,
        theory=theory, practice=practice, risen=risen, twice=first,
    )  # fmt: skip


def drawn_report(organization, *, policy=POLICY, year=YEAR, actor=None, reason="复核数据"):
    """Asked for, drawn up and sealed here and now, without the job around it."""
    asker = actor or User.objects.system()
    report = ask(Wish(policy, year, organization, reason), actor=asker)
    draw_up(report.pk)
    return workflow.seal(report.pk)


def figure_of(report, measure, place):
    return Figure.objects.get(report=report, measure=measure, place_code=place)


def edition_of(code=POLICY):
    return PolicyEdition.objects.get(code=code)
