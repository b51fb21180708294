"""Terms of contests: issued version by version, signed by whoever takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from competitions.models import Competition, Entry, Item, Terms
from competitions.permissions import may_change_marks, may_hold_for
from competitions.permissions.entering import may_tend
from competitions.selectors.terms import current_terms, unsigned
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

ISSUED = Event("competitions.terms", "制定参赛承诺", Record.Kind.CHANGE)
SIGNED = Event("competitions.signed", "签署参赛承诺", Record.Kind.CHANGE)
NAMED = 5
#: With which a contest begins, until its organizer issues others.
STANDARD = """一、本人已阅读竞赛规则、技术文件和赛场纪律，自愿参赛，服从裁判和仲裁。
二、报名资料真实、完整；弄虚作假、冒名顶替的，同意取消成绩，收回奖项和证书。
三、遵守安全操作规程，因违规造成的后果由本人承担。
四、同意主办单位为组织竞赛、公布成绩、核发证书而处理本人的姓名、单位、公民身份号码和成绩；公布时不公布公民身份号码和出生日期。
五、对成绩有异议的，在公布后的申诉期内由本人或所在单位提出。"""


@refusing()
@transaction.atomic
def issue_terms(competition_id: int, text: str, *, actor: User) -> Terms:
    """The next version; whoever signed an earlier one has signed that."""
    rows = Competition.objects.visible_to(actor).select_related("organizer")
    competition = rows.select_for_update(of=("self",), no_key=True).get(pk=competition_id)
    may_hold_for.check(actor, competition.organizer)
    before = current_terms(competition)
    if before and before.text == text:
        raise DomainError("terms-unchanged", f"与第{before.number}版相同，没有另立新版")
    return first_terms(competition, text, number=before.number + 1 if before else 1, actor=actor)


def first_terms(
    competition: Competition, text: str = STANDARD, *, number: int = 1, actor: User
) -> Terms:
    """A version as it is put on file."""
    issued = Terms.objects.create(
        competition=competition, number=number, text=text, issued_by=actor
    )
    record_event(
        ISSUED,
        subject_of(competition),
        actor=actor,
        organization=competition.organizer,
        after={"terms": number, "wording": text},
    )
    return issued


def signed_terms(competition: Competition, number: int) -> Terms | None:
    """The terms that stand, if they are the version that was read; None where a contest has none."""
    terms = current_terms(competition)
    if terms is not None and terms.number != number:
        message = f"参赛承诺现为第{terms.number}版，请重新阅读后签署"
        raise DomainError("terms-not-read", message)
    return terms


@transaction.atomic
def sign_terms(entry_id: int, number: int, *, actor: User) -> Entry:
    """Write down that an entrant signed the terms that stand: of a list, a sheet, or as a seed."""
    rows = Entry.objects.visible_to(actor).select_related("item__competition__organizer", "person")
    entry = rows.select_for_update(of=("self",), no_key=True).get(pk=entry_id)
    may_tend.check(actor, entry)
    terms = signed_terms(entry.item.competition, number)
    if terms is None:
        raise DomainError("no-terms", "本竞赛没有参赛承诺，请先由主办单位制定")
    if entry.terms_id == terms.pk:
        raise DomainError("terms-signed", f"已签署第{terms.number}版参赛承诺，不必再签")
    entry.terms, entry.signed_on = terms, timezone.localdate()
    entry.save(update_fields=["terms", "signed_on"])
    record_event(
        SIGNED,
        subject_of(entry),
        actor=actor,
        organization=entry.item.competition.organizer,
        after={"terms": terms.number},
    )
    return entry


@transaction.atomic
def sign_all(item_id: int, *, actor: User, note: str) -> int:
    """Write down that everybody who stands signed on paper, and where the papers are (``note``); how many.

    Of entrants who came by a sheet of marks or a list, which cannot sign.
    """
    rows = Item.objects.visible_to(actor).select_related("competition__organizer")
    item = rows.select_for_update(of=("self",), no_key=True).get(pk=item_id)
    check_reason(note)
    may_change_marks.check(actor, item)
    terms = current_terms(item.competition)
    if terms is None:
        raise DomainError("no-terms", "本竞赛没有参赛承诺，请先由主办单位制定")
    waiting = list(unsigned(item, terms).values_list("pk", flat=True))
    if not waiting:
        raise DomainError("terms-signed", f"全体参赛人都已签署第{terms.number}版参赛承诺")
    rows_to_sign = Entry.objects.filter(pk__in=waiting)
    rows_to_sign.update(terms=terms, signed_on=timezone.localdate())
    record_event(
        SIGNED,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        note=note,
        after={"terms": terms.number, "count": len(waiting)},
    )
    return len(waiting)


def check_all_signed(item: Item, *, before: str) -> None:
    """Refuse to go on ``before`` everybody who stands has signed the terms that stand now."""
    terms = current_terms(item.competition)
    if terms is None:
        return
    missing = unsigned(item, terms)
    if not (count := missing.count()):
        return
    names = "、".join(str(entry) for entry in missing.select_related("person")[:NAMED])
    more = "等" if count > NAMED else ""
    message = (
        f"还有{count}名参赛人没有签署第{terms.number}版参赛承诺（{names}{more}），"
        f"请在其报名页登记签署，或者在项目页登记全体签署，不参赛的登记退赛，再{before}"
    )
    raise DomainError("terms-unsigned", message)


def check_signed(entry: Entry, competition: Competition) -> None:
    """Refuse to mark the work of somebody who, or one of whose team, has not signed: by number only."""
    terms = current_terms(competition)
    if terms is None:
        return
    own = Q(pk=entry.pk) | Q(captain=entry.pk)
    if unsigned(entry.item, terms).filter(own).exists():
        message = (
            f"{entry.work_words}号作品的参赛人没有签署第{terms.number}版参赛承诺，不能评分；"
            "请主办单位在其报名页登记签署，不参赛的登记退赛"
        )
        raise DomainError("terms-unsigned", message)
