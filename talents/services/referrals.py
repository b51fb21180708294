"""Persons of units out of reach: handed to the common superior, and not asked about without end.

Whoever types a number of a person who works elsewhere gets one answer, whatever is on file. Each such
try is on record; how many an account has within a day is ``FOREIGN_TRIES_A_DAY``.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import STAFF
from organizations.scoping import accounts_that_serve
from talents.models import SelectionRound
from talents.selectors.home import REFERRALS
from talents.services.persons import person_with
from workflow.models import Record
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import Organization

WINDOW = timedelta(days=1)
REFERRED = Event("talents.referred", "跨单位人选转上级核对")


def check_tries(actor: User) -> None:
    """Refuse who has tried too many numbers of persons elsewhere within a day."""
    if _tries_of(actor) >= settings.FOREIGN_TRIES_A_DAY and not actor.is_system:
        message = (
            f"24小时内已有{settings.FOREIGN_TRIES_A_DAY}次申报须由上级工会核对，暂不再受理；"
            "请核对身份证原件，或请上级工会代为登记"
        )
        raise DomainError("tries-used-up", message)


@transaction.atomic
def refer(round_id: int, unit: Organization, identity: str, *, actor: User) -> None:
    """Put the try on record and the question before staff above both units."""
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    selection, person = SelectionRound.objects.get(pk=round_id), person_with(identity)
    record = record_event(
        REFERRED,
        subject_of(selection),
        actor=actor,
        organization=unit,
        after={"unit": unit.name, "tries": 1},
    )
    if person is None:
        return
    above = _common_superior(unit.path, person.organization.path)
    tell(
        User.objects.filter(accounts_that_serve(STAFF, above)).exclude(pk=actor.pk).distinct(),
        f"跨单位人选待核对：{person.name}",
        subject=f"{REFERRALS}{record.pk}",
        href=reverse("talents:round", args=[selection.code]),
        body=(
            f"“{unit}”申报的人选与“{person.organization}”名下的档案或推荐有出入，未予登记。"
            "请核对身份证原件后代为登记，或答复申报单位。"
        ),
    )


@transaction.atomic
def refer_rows(
    selection: SelectionRound, subject: str, *, unit: Organization, count: int, actor: User
) -> None:
    """The same for the rows of a workbook; one that asks about more than a day's tries is refused."""
    if count > settings.FOREIGN_TRIES_A_DAY and not actor.is_system:
        message = (
            f"表中有超过{settings.FOREIGN_TRIES_A_DAY}行人选须由上级工会核对，整表未受理；"
            "请由上级工会导入，或分批核对身份证原件后再报"
        )
        raise DomainError("tries-used-up", message)
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    record = record_event(
        REFERRED,
        subject,
        actor=actor,
        organization=unit,
        after={"unit": unit.name, "tries": count},
    )
    tell(
        User.objects.filter(accounts_that_serve(STAFF, unit.path_above))
        .exclude(pk=actor.pk)
        .distinct(),
        f"跨单位人选待核对：{unit}的汇总表有{count}行",
        subject=f"{REFERRALS}{record.pk}",
        href=reverse("talents:round", args=[selection.code]),
        body="所报人选在其他单位名下已有档案或推荐，未予受理。请核对后代为登记，或答复申报单位。",
    )


def was_referred(subject: str) -> bool:
    """Whether the rows of this workbook were counted before; looking at it anew is no new try."""
    return Record.objects.filter(subject=subject, code=REFERRED.code).exists()


def _tries_of(actor: User) -> int:
    rows = Record.objects.filter(
        actor=actor, code=REFERRED.code, at__gt=timezone.now() - WINDOW
    ).values_list("after", flat=True)
    return sum(int(after.get("tries", 1)) for after in rows)


def _common_superior(one: str, other: str) -> str:
    """The path of the lowest body above both; "/" where they stand in different trees."""
    shared = takewhile(
        lambda pair: pair[0] == pair[1], zip(one.split("/"), other.split("/"), strict=False)
    )
    return "/".join(step for step, _ in shared).rstrip("/") + "/"
