"""What waits for people at the contests: the judge's works, the keeper's locks, the unit's days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from competitions.models import Appeal, Arbiter, Competition, Entry, Item, Promotion
from competitions.permissions import KEEPERS
from competitions.permissions.parties import NO_PARTY, is_others_affair, is_others_contest
from competitions.selectors.awards import awaits_awards
from competitions.selectors.judging import own_items
from organizations.roles import Role
from organizations.scoping import within_reach
from organizations.standing_in import same_persons
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

SHOWN = 6
OF_ITEM = "competition__organizer__path"


def judge_queues(user: User) -> list[Queue]:
    """One tile for each item one has a seat in: how many works wait, until when."""
    return [
        Queue(
            title=f"待评：{seat.judge.item}",
            count=seat.left,
            unit=f"件，其中{seat.again}件须重评" if seat.again else "件",
            href=reverse("competitions:judging", args=[seat.judge.item.code]),
            deadline=seat.judge.item.ends_on if seat.left else None,
            tone="bad" if seat.again else "warn" if seat.left else "good",
            note=f"第{seat.judge.seat}席",
        )
        for seat in own_items(user)[:SHOWN]
    ]


def staff_queues(user: User) -> list[Queue]:
    """Items to be locked by a second person, to be published; appeals; certificates to be entered."""
    others = is_others_affair(user)
    items = Item.objects.visible_to(user).filter(within_reach(user, KEEPERS, OF_ITEM), others)
    to_lock = items.filter(state="checked")
    to_publish = items.filter(state="locked")
    at_approvers = within_reach(user, {Role.APPROVER}, OF_ITEM)
    to_award = Item.objects.visible_to(user).filter(at_approvers, awaits_awards(), others)
    sits = Q(
        item__competition__in=Arbiter.objects.visible_to(user)
        .filter(user=user)
        .values("competition")
    )
    decides = sits | within_reach(user, {Role.APPROVER}, f"item__{OF_ITEM}")
    decides &= is_others_affair(user, "item")
    appeals = Appeal.objects.visible_to(user).filter(decides, state="filed")
    waiting = Promotion.objects.visible_to(user).filter(
        within_reach(user, KEEPERS, f"item__{OF_ITEM}"),
        is_others_affair(user, "item"),
        state="proposed",
    )
    asked = Entry.whose_result_is_in_question().filter(
        pk__in=Entry.objects.visible_to(user).values("pk")
    )
    asked = asked.filter(decides, item__state="published")
    found = [
        _items("成绩待复核锁定", to_lock.count(), others, state="checked"),
        _items("成绩待公布", to_publish.count(), others, state="locked"),
        _items("成绩已公布，待授奖", to_award.count(), others, awards="due"),
        Queue(
            "竞赛申诉待仲裁",
            appeals.count(),
            _first("competitions:appeal", appeals),
            unit="件",
            tone="bad",
        ),
        Queue(
            "取消成绩待决定",
            asked.count(),
            _first("competitions:entry", asked),
            unit="名",
            tone="bad",
        ),
        *_to_agree_to(user, items),
        Queue(
            "晋升待登记证书",
            waiting.count(),
            _first("competitions:promotions", waiting, "item__code"),
            unit="名",
            tone="info",
        ),
    ]
    return [queue for queue in found if queue.count]


def _to_agree_to(user: User, items: QuerySet[Item]) -> list[Queue]:
    """What a colleague asked for and a second person agrees to: marks opened again, another kind of contest."""
    own = same_persons(user)
    reopening = items.filter(state="locked", reopen_asked_by__isnull=False)
    reopening = reopening.exclude(reopen_asked_by__in=own)
    kinds = Competition.objects.visible_to(user).filter(
        within_reach(user, KEEPERS, "organizer__path"),
        is_others_contest(user),
        kind_asked_by__isnull=False,
    )
    kinds = kinds.exclude(kind_asked_by__in=own)
    return [
        Queue(
            "退回重评待同意",
            reopening.count(),
            _first("competitions:item", reopening, "code"),
            unit="个项目",
            tone="warn",
        ),
        Queue(
            "竞赛级别、类别更正待同意",
            kinds.count(),
            _first("competitions:competition", kinds, "code"),
            unit="场",
            tone="warn",
        ),
    ]


def _items(title: str, count: int, others: Q, **asked: str) -> Queue:
    if others:
        asked["party"] = NO_PARTY
    address = f"{reverse('competitions:items')}?{urlencode(asked)}"
    return Queue(title, count, address, unit="个项目", tone="warn")


def _first(page: str, rows: QuerySet[Any], key: str = "pk") -> str:
    """Where the first of ``rows`` is seen to; nowhere where there is none."""
    first = rows.order_by("pk").values_list(key, flat=True).first()
    return reverse(page, args=[first]) if first is not None else ""


def unit_queues(user: User) -> list[Queue]:
    """Contests one may enter people for, by the last day."""
    today = timezone.localdate()
    rows = Competition.objects.visible_to(user).filter(
        state=Competition.State.ANNOUNCED, entries_until__gte=today
    )
    open_now = rows.exclude(entries_from__gt=today).order_by("entries_until", "pk")
    return [
        Queue(
            title=f"可报名：{contest.name}",
            count=contest.items.count(),
            unit="个项目",
            href=reverse("competitions:competition", args=[contest.code]),
            deadline=contest.entries_until,
            tone="info",
        )
        for contest in open_now[:SHOWN]
    ]
