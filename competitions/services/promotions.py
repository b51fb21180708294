"""Proposals of who rises by an item, from its board and the edition of the rules it is held by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from competitions.models import BoardLine, Entry, Item, Promotion
from competitions.permissions.promotions import may_propose
from competitions.rules.editions import RULES, rules_of
from competitions.rules.levels import certificates_of_trade
from competitions.rules.promotions import Held, rises
from competitions.selectors.admission import owing_words, who_owes
from competitions.selectors.board import Place, board_of, newest_board
from competitions.selectors.eligibility import owing
from competitions.services.contests import locked_item
from policies.models import PolicyEdition
from talents.models import Certificate, Person
from talents.models.persons import level_rank
from talents.rules.evidence import certificate_says
from workflow.models import Record
from workflow.records import Event, record_change, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from competitions.rules.promotions import Rise
    from competitions.selectors.admission import Owing
    from organizations.models import User
    from policies.library.policy import Policy

    Reckoned = tuple[list[Rise], list[Held]]

PROPOSED = Event("competitions.proposed", "提出晋升建议", Record.Kind.CHANGE)
RENEWED = Event("competitions.renewed", "按新版成绩榜更新建议", Record.Kind.CHANGE)
RENEWED_FIELDS = ("rank", "present", "target", "clause")
RECALLED = Event("competitions.certificate-recalled", "收回证书", Record.Kind.CHANGE)
REVIVED = Event("competitions.certificate-revived", "恢复证书", Record.Kind.CHANGE)
ONCE = "promotions_per_trade_and_year"
NAMED = 5


def proposed(item: Item, *, besides: Certificate | None = None) -> Reckoned:
    """Who rises by the item as its board stands, in the order of ranks; and who does not, with why.

    Of a published item that is the newest board; until then it is reckoned from the marks.
    """
    policy = rules_of(item.competition)
    if policy is None:
        message = (
            f"政策库中没有适用于{item.competition.year}年的“{RULES}”，请先载入政策（load_policies）"
        )
        raise DomainError("no-rules-for-contest", message)
    found, held = rises(policy, item, _places(item), present_levels(item, besides=besides))
    risen = _risen_elsewhere(item, policy)
    again = [
        Held(rise.place, f"同一职业（工种）本年度已由“{risen[rise.place.entry_id]}”提出晋升")
        for rise in found
        if rise.place.entry_id in risen
    ]
    return [rise for rise in found if rise.place.entry_id not in risen], [*held, *again]


def _places(item: Item) -> list[Place]:
    board = newest_board(item)
    if item.state != item.State.PUBLISHED or board is None:
        return board_of(item)
    lines = BoardLine.objects.filter(board=board).order_by("rank", "number", "pk")
    return [
        Place(one.entry_id, one.number, one.name, one.total, one.rank, one.team) for one in lines
    ]


def _risen_elsewhere(item: Item, policy: Policy) -> dict[int, str]:
    """Entrants proposed as often in this trade and year as the rules allow, and where."""
    once = policy.parameter(ONCE)
    if once is None or once.number is None:
        return {}
    rows = Promotion.standing().filter(item.is_of_its_trade(), year=item.competition.year)
    rows = rows.exclude(item=item)
    counted = rows.values("person").annotate(times=Count("pk")).filter(times__gte=int(once.number))
    persons = Q(person__in=counted.values("person"))
    ours = dict(Entry.objects.filter(persons, item=item).values_list("person", "pk"))
    names = rows.filter(persons).values_list("person", "item__name")
    return {ours[person]: name for person, name in names if person in ours}


def present_levels(item: Item, *, besides: Certificate | None = None) -> dict[int, str | None]:
    """The level of each entrant: the higher of what was entered and of the certificates on file in
    that trade, however it is called there (without ``besides``). None where neither tells.
    """
    rows = Entry.objects.filter(item=item, state=Entry.State.ENTERED)
    told: dict[int, str | None] = dict(rows.values_list("pk", "present_level"))
    certified = certificates_of_trade(item, besides=besides)
    certified = certified.filter(person__in=rows.order_by().values("person"))
    on_file = list(certified.values_list("person", "level"))
    entries = dict(rows.filter(person__in={p for p, _ in on_file}).values_list("person", "pk"))
    for person, level in on_file:
        pk = entries[person]
        told[pk] = max(told[pk] or "", level, key=level_rank)
    return told


def certificate_for(promotion: Promotion, number: str, *, actor: User) -> Certificate:
    """The certificate of this number for a proposal that still holds, put on file if it is not yet.

    The proposal and its item are locked; the person is, too, so that no two certificates are
    weighed against the same level. Who put the certificate on file himself gets no second one; one
    that was taken back, by which the very same level is certified again, says it again.
    """
    Person.objects.select_for_update(no_key=True).get(pk=promotion.person_id)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"certificate:{number}"])
    if Certificate.objects.filter(number=number).exclude(person=promotion.person_id).exists():
        message = f"证书编号{number}已登记在他人名下，请核对证书原件"
        raise DomainError("certificate-of-another", message)
    held = Certificate.objects.select_for_update(of=("self",)).select_related(
        "person__organization"
    )
    own = held.filter(number=number, person=promotion.person_id).first()
    said = (promotion.target, promotion.occupation)
    says = own and (_recalled_level(own) or own.level, own.occupation)
    if own and (says != said or Promotion.objects.filter(certificate=own).exists()):
        message = (
            f"证书编号{number}在{promotion.person.name}名下已登记为“{own.occupation or '未写职业'}”"
            f"{own.get_level_display() or '未写等级'}，与本建议的“{promotion.occupation}”"
            f"{promotion.get_target_display()}不是同一证书，请核对后填写"
        )
        raise DomainError("certificate-says-otherwise", message)
    if problem := outdated(promotion.item, [promotion], besides=own).get(promotion.pk):
        raise DomainError("proposal-outdated", problem)
    if own:
        _revive(own, promotion, actor=actor)
        return own
    return Certificate.objects.create(
        person=promotion.person,
        number=number,
        level=promotion.target,
        occupation=promotion.occupation,
        issued_year=certificate_says(number)[1] or timezone.localdate().year,
    )


def recall(certificate: Certificate, *, actor: User, note: str) -> None:
    """Have a certificate that is taken back say no level any more: it stays on file under its number."""
    before = {"level": certificate.level}
    certificate.level = ""
    certificate.save(update_fields=["level"])
    organization = certificate.person.organization
    record_change(
        certificate, actor=actor, organization=organization, note=note,
        event=RECALLED, before=before, after={"level": ""},
    )  # fmt: skip


def _recalled_level(certificate: Certificate) -> str:
    """What a certificate said that was taken back and says nothing since; "" of every other."""
    if certificate.level:
        return ""
    rows = Record.objects.filter(subject=subject_of(certificate), code=RECALLED.code)
    last = rows.order_by("-pk").first()
    return last.before.get("level", "") if last else ""


def _revive(certificate: Certificate, promotion: Promotion, *, actor: User) -> None:
    """Have a certificate that was taken back say its level again, by which somebody rises anew."""
    if certificate.level:
        return
    certificate.level = promotion.target
    certificate.save(update_fields=["level"])
    record_change(
        certificate, actor=actor, organization=certificate.person.organization,
        note=f"成绩恢复后按“{promotion.item}”重新晋升，原证书恢复有效",
        event=REVIVED, before={"level": ""}, after={"level": promotion.target},
    )  # fmt: skip


def outdated(
    item: Item,
    promotions: Iterable[Promotion],
    *,
    besides: Certificate | None = None,
    reckoned: Reckoned | None = None,
) -> dict[int, str]:
    """Of proposals of an item those that do not hold any more by its newest board and the levels that
    are held now, each with why and what to do; ``reckoned``: who is ``proposed``, if known.
    """
    waiting = [one for one in promotions if one.state == Promotion.State.PROPOSED]
    board = newest_board(item)
    if not waiting or board is None:
        return {}
    try:
        found, held = reckoned or proposed(item, besides=besides)
    except (
        DomainError
    ) as refusal:  # level or class was put right since: no rule is about it any more
        return {one.pk: f"{refusal.message}，请撤回此项建议" for one in waiting}
    now, why = {r.place.entry_id: r for r in found}, {h.place.entry_id: h for h in held}
    ranks = {place.entry_id: place.rank for place in _places(item)}
    owed = owing(item, [one.entry_id for one in waiting], besides=besides)
    told = {}
    for one in waiting:
        by_board = f"{one.person.name}：按第{board.number}版成绩榜"
        rise, rank = now.get(one.entry_id), ranks.get(one.entry_id)
        if rise is None:
            reason = why[one.entry_id].reason if one.entry_id in why else "不在晋升名次之内"
            place = f"列第{rank}名" if rank else "没有名次"
            told[one.pk] = f"{by_board}{place}，{reason}，请撤回此项建议"
        elif titles := owed.get(one.entry_id):
            told[one.pk] = (
                f"{one.person.name}：{'、'.join(titles)}，尚未认定，请先在参赛页面认定参赛资格"
            )
        elif (rise.place.rank, rise.target, rise.clause) != (one.rank, one.target, one.clause):
            told[one.pk] = (
                f"{by_board}列第{rank}名，应由{rise.present_words}晋升{rise.target_words}，"
                "与原建议不同，请重新提出晋升建议加以更新"
            )
    return told


@refusing()
@transaction.atomic
def propose(item_id: int, *, actor: User) -> int:
    """Write down who rises by the published board, and renew what was proposed by an earlier edition.

    How many are new or renewed. The same again adds nobody. A proposal that does not hold any more
    stays as it was, until it is withdrawn.
    """
    item = locked_item(item_id, actor)
    may_propose.check(actor, item)
    found, staying = proposed(item)
    policy = rules_of(item.competition)
    kept = Promotion.objects.filter(item=item).exclude(state=Promotion.State.WITHDRAWN)
    there = {one.entry_id: one for one in kept.select_for_update()}
    new = [rise for rise in found if rise.place.entry_id not in there]
    again = [rise for rise in found if rise.place.entry_id in there]
    changed = [rise for rise in again if _renewed(there[rise.place.entry_id], rise)]
    held = who_owes(item, [rise.place.entry_id for rise in (*new, *changed)])
    owed = {one.entry.pk for one in held}
    new = [rise for rise in new if rise.place.entry_id not in owed]
    renewed = [
        _renewed(there[rise.place.entry_id], rise)
        for rise in changed
        if rise.place.entry_id not in owed
    ]
    count = len(new) + sum(one is not None for one in renewed)
    if not count and held:
        message = f"{owing_words(held)}的参赛资格尚未认定，认定之后才能提出晋升建议"
        raise DomainError("proof-owed", message)
    if not count or policy is None:
        named = f"；{held_words(staying)}" if staying else ""
        message = f"没有新的晋升建议：都已提出，或名次、等级不符合规定{named}"
        raise DomainError("nobody-new-rises", message)
    edition = PolicyEdition.objects.get(digest=policy.digest)
    entries = Entry.objects.in_bulk([rise.place.entry_id for rise in new])
    Promotion.objects.bulk_create(
        Promotion(
            item=item,
            entry=entries[rise.place.entry_id],
            person_id=entries[rise.place.entry_id].person_id,
            occupation=item.trade,
            occupation_code=item.occupation_code,
            year=item.competition.year,
            rank=rise.place.rank,
            present=rise.present,
            target=rise.target,
            clause=rise.clause,
            edition=edition,
        )
        for rise in new
    )
    for one in filter(None, renewed):
        _renew(one[0], one[1], actor)
    record_event(
        PROPOSED,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        note=_not_proposed(held, staying),
        after={"count": len(new), "edition": policy.edition},
    )
    return count


def reckoned_of(item: Item) -> Reckoned | None:
    """Who is ``proposed`` by a published item; None where marks are open, or no rule is about it."""
    if item.state != item.State.PUBLISHED:
        return None
    try:
        return proposed(item)
    except DomainError:
        return None


def held_words(staying: Iterable[Held]) -> str:
    """未提出：第2名张三，没有填写现职业技能等级…; the first of those within the places who do not rise, with why."""
    told = list(staying)
    words = "；".join(f"第{one.place.rank}名{one.place.name}，{one.reason}" for one in told[:NAMED])
    more = f"等{len(told)}名" if len(told) > NAMED else ""
    return f"未提出：{words}{more}"


def _not_proposed(held: Collection[Owing], staying: Collection[Held]) -> str:
    """Who was left out of a proposal, as its record keeps it."""
    told = [f"参赛资格尚未认定，未提出：{owing_words(held)}"] if held else []
    return "；".join([*told, *([held_words(staying)] if staying else [])])


def _told(promotion: Promotion) -> dict[str, object]:
    return {name: getattr(promotion, name) for name in RENEWED_FIELDS}


def _renewed(promotion: Promotion, rise: Rise) -> tuple[Promotion, Rise] | None:
    """The two where they say otherwise, and the proposal still waits for its certificate."""
    said = (rise.place.rank, rise.present, rise.target, rise.clause)
    is_same = tuple(_told(promotion).values()) == said
    return None if is_same or promotion.state != Promotion.State.PROPOSED else (promotion, rise)


def _renew(promotion: Promotion, rise: Rise, actor: User) -> None:
    before = _told(promotion)
    promotion.rank, promotion.present = rise.place.rank, rise.present
    promotion.target, promotion.clause = rise.target, rise.clause
    promotion.save(update_fields=RENEWED_FIELDS)
    record_event(
        RENEWED,
        subject_of(promotion),
        actor=actor,
        organization=promotion.item.competition.organizer,
        before=before,
        after=_told(promotion),
    )
