"""Persons of units out of reach: handed to the common superior, and not asked about without end.

Whoever types a number of a person who works elsewhere gets one answer, whatever is on file. Each such
try is on record; how many an account has within a day is ``FOREIGN_TRIES_A_DAY``.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from intake.models import ImportRow
from organizations.models import User
from organizations.roles import STAFF
from organizations.scoping import accounts_that_serve
from talents.models import Person
from talents.selectors.home import REFERRALS
from talents.services.persons import CONFLICT, ELSEWHERE, person_with
from workflow.models import Record
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import Organization

WINDOW = timedelta(days=1)
REFERRED = Event("talents.referred", "跨单位人员转上级核对")


class Asked(NamedTuple):
    """What a number was typed for: the subject on record, the unit it was typed for, the page about it."""

    subject: str
    unit: Organization
    href: str


def check_tries(actor: User) -> None:
    """Refuse who has tried too many numbers of persons elsewhere within a day."""
    if _tries_of(actor) >= settings.FOREIGN_TRIES_A_DAY and not actor.is_system:
        message = (
            f"24小时内已有{settings.FOREIGN_TRIES_A_DAY}次填报须由上级工会核对，暂不再受理；"
            "请核对身份证原件，或请上级工会代为登记"
        )
        raise DomainError("tries-used-up", message)


@contextmanager
def counted(identity: str, asked: Callable[[], Asked], *, actor: User) -> Iterator[None]:
    """Count what is refused within about a person elsewhere against ``actor``; the refusal goes on.

    To be the outermost transaction: what was written within is undone, the try stays on record. Tries of
    one account wait for each other, so that none slips past the count. ``asked`` is called for such a
    refusal only.
    """
    refusal: DomainError | None = None
    with transaction.atomic():
        _wait_for_tries(actor)
        check_tries(actor)
        try:
            with transaction.atomic():
                yield
        except DomainError as error:
            if not _tells(error, identity, actor):
                raise
            _refer(identity, asked(), actor=actor)
            refusal = error
    if refusal is not None:
        raise refusal from None


def _tells(error: DomainError, identity: str, actor: User) -> bool:
    """Whether a refusal tells something of a person whom ``actor`` does not see."""
    if error.code != CONFLICT:
        return error.code == ELSEWHERE
    person = person_with(identity)
    return person is not None and not Person.objects.visible_to(actor).filter(pk=person.pk).exists()


def _refer(identity: str, asked: Asked, *, actor: User) -> None:
    """Put the try on record and the question before staff above both units."""
    unit, person = asked.unit, person_with(identity)
    record = record_event(
        REFERRED,
        asked.subject,
        actor=actor,
        organization=unit,
        after={"unit": unit.name, "tries": 1},
    )
    if person is None:
        return
    above = _common_superior(unit.path, person.organization.path)
    tell(
        User.objects.filter(accounts_that_serve(STAFF, above)).exclude(pk=actor.pk).distinct(),
        f"跨单位人员待核对：{person.name}",
        subject=f"{REFERRALS}{record.pk}",
        href=asked.href,
        body=(
            f"“{unit}”所报人员与“{person.organization}”名下的档案或推荐有出入，未予登记。"
            "请核对身份证原件后代为登记，或答复填报单位。"
        ),
    )


def refer_conflicts(batch: ImportBatch, lines: Lines, *, href: str) -> None:
    """The same for rows whose name is not the one on file of somebody whom the uploader does not see."""
    found = batch.findings.filter(code=CONFLICT)
    if lines is not None:
        found = found.filter(line__in=lines)
    numbers = ImportRow.objects.filter(batch=batch, line__in=found.values("line"))
    seen = Person.objects.visible_to(batch.uploaded_by)
    far = Person.objects.filter(identity_digest__in=numbers.values("identity_digest"))
    refer_rows(batch, lines, count=far.exclude(pk__in=seen.values("pk")).count(), href=href)


@transaction.atomic
def refer_rows(batch: ImportBatch, lines: Lines, *, count: int, href: str) -> None:
    """Count rows of a workbook against whoever handed it in; looking at it anew is no new try.

    One that asks about more than is left of a day's tries is refused.
    """
    subject, actor = subject_of(batch), batch.uploaded_by
    unit, looked_at = batch.organization, lines is None and _was_referred(subject)
    if not count or unit is None or looked_at:
        return
    _wait_for_tries(actor)
    if _tries_of(actor) + count > settings.FOREIGN_TRIES_A_DAY and not actor.is_system:
        message = (
            f"24小时内至多受理{settings.FOREIGN_TRIES_A_DAY}名须由上级工会核对的人员，"
            f"表中又有{count}名，整表未受理；请核对身份证原件后再报，或由上级工会导入"
        )
        raise DomainError("tries-used-up", message)
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
        f"跨单位人员待核对：{unit}的工作簿有{count}行",
        subject=f"{REFERRALS}{record.pk}",
        href=href,
        body="所报人员与其他单位名下的档案或推荐有出入，未予受理。请核对后代为登记，或答复填报单位。",
    )


def _wait_for_tries(actor: User) -> None:
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)


def _was_referred(subject: str) -> bool:
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
