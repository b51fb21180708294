"""Changing level and class of a contest once results are locked: asked by one, agreed to by another, and what
was proposed before is held against it.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.db import transaction

from competitions.models import Competition, Promotion
from competitions.permissions.kinds import (
    DECISIVE,
    may_ask_kind,
    may_change_kind,
    may_keep_kind,
)
from competitions.permissions.promotions import RETRACT
from competitions.rules.editions import rules_of
from competitions.rules.promotions import bears_out, rules_for
from competitions.services.notices import tell_kind_asked, tell_kind_changed
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

KIND_ASKED = Event("competitions.kind-asked", "提出更正级别、类别")
KIND_KEPT = Event("competitions.kind-kept", "维持级别、类别")
LONGEST = 200
NOT_ASKED: dict[str, Any] = {
    "asked_level": "", "asked_class": "", "kind_asked_by": None, "kind_asked_for": "",
}  # fmt: skip


@refusing()
def ask_kind(contest: Competition, facts: dict[str, Any], *, actor: User, note: str) -> None:
    """Keep what is asked of a contest that is held by the transaction, until somebody else agrees."""
    may_ask_kind.check(actor, contest)
    check_reason(note)
    contest.asked_level = facts.get("level", contest.level)
    contest.asked_class = facts.get("contest_class", contest.contest_class)
    contest.kind_asked_by, contest.kind_asked_for = actor, note.strip()[:LONGEST]
    contest.save(update_fields=list(NOT_ASKED))
    asked = as_asked(contest)
    record_event(
        KIND_ASKED,
        subject_of(contest),
        actor=actor,
        organization=contest.organizer,
        note=note,
        before={"kind": contest.kind_words},
        after={"kind": asked.kind_words},
    )
    tell_kind_asked(contest, asked.kind_words, actor=actor)


@transaction.atomic
def keep_kind(pk: int, *, actor: User, note: str) -> Competition:
    """Let level and class stand as they are."""
    contest = _locked(pk, actor)
    check_reason(note)
    may_keep_kind.check(actor, contest)
    _clear(contest)
    record_event(KIND_KEPT, subject_of(contest), actor=actor, organization=contest.organizer, note=note)  # fmt: skip
    return contest


@refusing()
@transaction.atomic
def change_kind(pk: int, *, actor: User, note: str) -> Competition:
    """Agree as the second: level and class are as asked, and what was proposed by others before is withdrawn.

    Whoever has the certificate of a rise that is not borne out any more is named on the page of the item.
    """
    contest = _locked(pk, actor)
    list(contest.items.order_by("pk").select_for_update(no_key=True))  # whoever certifies waits
    check_reason(note)
    may_change_kind.check(actor, contest)
    asked = as_asked(contest)
    stale = not_borne_out_by(asked)
    facts = {name: getattr(asked, name) for name in DECISIVE}
    why = f"{contest.kind_asked_by}提出：{contest.kind_asked_for}；同意：{note.strip()}"
    _clear(contest)
    correct(contest, facts, version=None, actor=actor, note=why[:LONGEST])
    words = f"竞赛级别、类别更正为{asked.kind_words}，原建议不再符合"
    waiting = [one for one in stale if one.state == Promotion.State.PROPOSED]
    for one in waiting:
        RETRACT.apply(one, organization=contest.organizer, actor=actor, note=words)
    tell_kind_changed(contest, waiting, len(stale) - len(waiting), actor=actor)
    return contest


def as_asked(contest: Competition) -> Competition:
    """The contest as it would be, in memory only."""
    asked = copy(contest)
    asked.level, asked.contest_class = contest.asked_level, contest.asked_class
    return asked


def not_borne_out_by(asked: Competition) -> list[Promotion]:
    """Proposals and certified rises of a contest that its level and class, as ``asked``, do not bear out as they are."""
    rows = Promotion.standing().filter(item__competition=asked.pk)
    rows = rows.select_related("item", "person", "entry__unit").order_by("item", "rank", "pk")
    policy, found = rules_of(asked), []
    for one in rows:
        item = copy(one.item)
        item.competition = asked
        rules = rules_for(policy, item) if policy else []
        is_exact = one.state == Promotion.State.PROPOSED
        if not bears_out(rules, one.rank, one.present, one.target, exactly=is_exact):
            found.append(one)
    return found


def words_of_affected(contest: Competition) -> list[str]:
    """张三：无 → 技师（待登记证书），将撤回: what agreeing comes to, for whoever is to agree."""
    told = {Promotion.State.PROPOSED: "将撤回", Promotion.State.CERTIFIED: "证书须与发证部门核实"}
    return [
        f"{one.person.name}（{one.item}第{one.rank}名）：{one.present_words} → {one.get_target_display()}，"
        f"{one.get_state_display()}，按更正后的级别、类别不再符合，{told[Promotion.State(one.state)]}"
        for one in not_borne_out_by(as_asked(contest))
    ]


def _clear(contest: Competition) -> None:
    for name, value in NOT_ASKED.items():
        setattr(contest, name, value)
    contest.save(update_fields=list(NOT_ASKED))


def _locked(pk: int, actor: User) -> Competition:
    rows = Competition.objects.visible_to(actor).select_related("organizer", "edition")
    return rows.select_for_update(of=("self",)).get(pk=pk)
