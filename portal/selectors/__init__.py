"""What waits for a person: the tiles of each role's home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from academies.selectors import home as academies
from academies.selectors.academies import academies_named, classes_named
from accounts.selectors import administrator_queues, reset_queues, watcher_queues
from audits.selectors import home as audits
from competitions.selectors import home as contests
from competitions.selectors import own as own_contests
from organizations.roles import SEPARATED_ADMINS, Role
from organizations.scoping import roles_of
from organizations.selectors import organizations_named
from policies.selectors.defaults import to_confirm
from policies.selectors.drafts import to_activate
from portal.selectors.papers import Meant, paper_meant
from subsidies.selectors import allocations, changes, claims, settlements
from subsidies.selectors import home as money
from talents.selectors import home, todo
from talents.selectors.own import own_queues
from talents.selectors.search import candidates_named, rounds_named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from academies.models import Academy, TrainingClass
    from organizations.models import Organization, User
    from talents.models import Nomination, SelectionRound
    from workflow.queues import Queue


@dataclass(frozen=True)
class Home:
    """A role's home page: its template and the questions whose answers are its tiles."""

    template: str
    title: str
    lead: str
    queues: tuple[Callable[[User], Sequence[Queue]], ...] = ()


HOMES: dict[frozenset[Role], Home] = {
    frozenset({Role.HANDLER, Role.APPROVER}): Home(
        "portal/home_staff.html",
        "工作台",
        "按截止时间排列的待办、名额与进度。",
        (
            home.staff_queues,
            *todo.STAFF,
            academies.union_queues,
            contests.staff_queues,
            money.staff_queues,
            audits.audited_queues,
            claims.approver_queues,
            settlements.confirming_queues,
            allocations.planning_queues,
            changes.changing_queues,
            to_activate,
            to_confirm,
            audits.deciding_queues,
        ),
    ),
    frozenset({Role.NOMINATOR}): Home(
        "portal/home_nominator.html",
        "推荐单位工作台",
        "本单位可申报的轮次、剩余名额与每位人选的核验进度。",
        (home.nominator_queues, *todo.NOMINATOR, contests.unit_queues, claims.claimant_queues),
    ),
    frozenset({Role.ACADEMY_MANAGER}): Home(
        "portal/home_academy.html",
        "工匠学院工作台",
        "本院指标完成情况与待办的培训工作簿；数字由培训记录逐行计出。",
        (
            academies.manager_queues,
            audits.audited_queues,
            settlements.due_queues,
            allocations.account_queues,
            money.manager_queues,
        ),
    ),
    frozenset({Role.EXPERT, Role.JUDGE}): Home(
        "portal/home_expert.html",
        "评审工作台",
        "分配给您的材料、待评的作品与评审进度。",
        (*todo.EXPERT, contests.judge_queues, academies.reviews_to_mark),
    ),
    frozenset({Role.FINANCE}): Home(
        "portal/home_finance.html",
        "财务工作台",
        "待制单、待复核的拨款与资金台账。",
        (
            money.finance_queues,
            claims.payer_queues,
            allocations.calling_queues,
            audits.refund_queues,
        ),
    ),
    frozenset({Role.AUDITOR}): Home(
        "portal/home_auditor.html",
        "经审工作台",
        "审计项目、底稿与发现，名单、台账与疑点线索；除审计工作外只读。",
        (audits.auditor_queues, home.oversight_queues, money.oversight_queues),
    ),
    frozenset({Role.CRAFTSMAN}): Home(
        "portal/home_craftsman.html",
        "我的工作台",
        "本人的推荐、培育、参赛、称号与申领，进展如何、还差什么。",
        (own_queues, own_contests.own_queues, claims.own_queues),
    ),
    SEPARATED_ADMINS: Home(
        "portal/home_administrator.html",
        "系统管理工作台",
        "系统、安全、审计三类管理员各司其职，互不兼任。",
        (administrator_queues, reset_queues, watcher_queues),
    ),
}
NO_HOME = Home("portal/home_unassigned.html", "欢迎使用匠阶", "")


def home_for(user: User) -> Home:
    """The home of the first role in the order above that ``user`` holds."""
    held = roles_of(user)
    if user.is_system:
        return next(iter(HOMES.values()))
    return next((home for roles, home in HOMES.items() if held & roles), NO_HOME)


def tiles_for(user: User, home: Home) -> list[Queue]:
    """All tiles of a home, those with a deadline first and by it."""
    tiles = [tile for queue in home.queues for tile in queue(user)]
    return sorted(tiles, key=lambda t: (t.deadline is None, t.deadline or 0))


@dataclass(frozen=True)
class Found:
    """What a search came upon, by kind."""

    candidates: list[Nomination]
    rounds: list[SelectionRound]
    organizations: list[Organization]
    academies: list[Academy]
    classes: list[TrainingClass]
    paper: Meant | None

    def __bool__(self) -> bool:
        return any(vars(self).values())


def found_for(user: User, text: str) -> Found:
    """What ``user`` may see that is called ``text``, or bears it as trade or code."""
    return Found(
        candidates=candidates_named(user, text),
        rounds=rounds_named(user, text),
        organizations=organizations_named(user, text),
        academies=academies_named(user, text),
        classes=classes_named(user, text),
        paper=paper_meant(user, text),
    )
