"""Studios of people with a title, their projects and boosted years."""

from datetime import date

from organizations.models import User
from talents.workflow.studios import (
    Founding,
    Task,
    add_project,
    ask_boost,
    found_studio,
    name_studio,
)
from tests.factories.honours import HonourFactory
from tests.factories.organizations import UserFactory
from tests.factories.policies import with_policy
from tests.factories.talents import POLICY, PersonFactory

FOUNDED = date(2022, 5, 1)
COUNT = iter(range(1, 1_000_000))


def titled(organization, *, year=2024, **facts):
    """Somebody of that body who holds the title whose projects are boosted."""
    with_policy(POLICY)
    person = PersonFactory(organization=organization)
    HonourFactory(
        person=person, organization=organization, scheme=POLICY, tier="beijing-great", year=year,
        named_on=date(year, 6, 1), **facts,
    )  # fmt: skip
    return person


def studio_of(organization, *, leader=None, proposed_by=None):
    """A studio that waits to be named."""
    leader = leader or titled(organization)
    founding = Founding(f"第{next(COUNT)}创新工作室", "焊接工艺", FOUNDED)
    return found_studio(
        leader.pk, founding, organization_id=organization.pk,
        actor=proposed_by or User.objects.system(),
    )  # fmt: skip


def named_studio(organization, **facts):
    studio = studio_of(organization, proposed_by=None, **facts)
    type(studio).objects.filter(pk=studio.pk).update(proposed_by=UserFactory())
    return name_studio(
        studio.pk, level="unit", document_number="京工办发〔2024〕3号", named_on=date(2024, 7, 1),
        actor=User.objects.system(),
    )  # fmt: skip


def project_of(studio, *, lead=None, title="管道全位置自动焊"):
    task = Task(title, "焊缝一次合格率达到99%", date(2024, 3, 1), date(2028, 12, 31))
    lead = lead or studio.leader
    return add_project(studio.pk, lead.pk, task, actor=User.objects.system())


def asked_year(project, year=2025, *, filed_by=None):
    return ask_boost(
        project.pk, year=year, progress="完成样机", accounts="支出设备费6万元",
        actor=filed_by or User.objects.system(),
    )  # fmt: skip
