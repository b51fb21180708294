"""The menu: which pages a role is offered. What it may do there is decided by each page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from organizations.roles import EVERYBODY, FILING, STAFF, STAFF_AND_OVERSIGHT, Role
from pages.permissions import BACK_OFFICE
from portal.permissions import is_offered

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from organizations.models import User


@dataclass(frozen=True)
class Item:
    label: str
    url_name: str
    icon: str
    roles: frozenset


READERS_OF_ORGANIZATIONS = STAFF_AND_OVERSIGHT | {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}

MONEY = STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER}

MENU = (
    ("", (Item("工作台", "portal:home", "home", EVERYBODY),)),
    (
        "工匠选树",
        (
            Item("选树轮次", "talents:rounds", "rounds", FILING),
            Item("推荐管理", "talents:nominations", "people", STAFF_AND_OVERSIGHT),
            Item("我的推荐", "talents:nominations", "people", frozenset({Role.NOMINATOR})),
            Item("逐级推荐", "talents:endorsements", "stairs", FILING),
            Item("部门意见", "talents:clearances", "question", STAFF | {Role.AUDITOR}),
            Item("我的档案", "talents:own", "person", frozenset({Role.CRAFTSMAN})),
            Item("我的参赛", "competitions:own", "medal", frozenset({Role.CRAFTSMAN})),
            Item("评审材料", "talents:reviews", "sheet", frozenset({Role.EXPERT})),
            Item("专家库", "talents:experts", "person", STAFF | {Role.AUDITOR}),
            Item("公示异议", "talents:objections", "question", STAFF | {Role.AUDITOR}),
            Item("工匠培育", "talents:cultivations", "stairs", FILING),
            Item("师徒结对", "talents:pairs", "people", FILING),
            Item("创新工作室", "talents:studios", "people", FILING),
            Item("成果与行动", "talents:actions", "sheet", FILING),
            Item("职工教育经费", "talents:spends", "sheet", FILING),
            Item("工匠名录", "talents:honours", "medal", FILING),
        ),
    ),
    (
        "工匠学院",
        (
            Item(
                "学院名录", "academies:list", "school", STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER}
            ),
            Item(
                "按期报送",
                "academies:reports",
                "clock",
                STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER},
            ),
            Item(
                "审核评价",
                "academies:evaluations",
                "flag",
                STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER},
            ),
            Item(
                "评价工作",
                "academies:reviews",
                "check",
                STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER, Role.EXPERT},
            ),
            Item("名册疑点", "academies:flags", "warning", STAFF_AND_OVERSIGHT),
            Item("1＋40＋N 进度", "academies:plan", "stairs", STAFF_AND_OVERSIGHT),
        ),
    ),
    (
        "技能竞赛",
        (
            Item("竞赛", "competitions:list", "flag", FILING),
            Item("获奖名单", "competitions:awards", "medal", FILING),
            Item("赛事日历", "competitions:calendar", "clock", FILING | {Role.JUDGE}),
            Item("后备名单", "competitions:reserves", "people", STAFF_AND_OVERSIGHT),
            Item("人才库", "competitions:pool", "people", FILING),
            Item("竞赛统计", "competitions:figures", "sheet", STAFF_AND_OVERSIGHT),
            Item("我的评分", "competitions:my-items", "people", frozenset({Role.JUDGE})),
        ),
    ),
    (
        "专项资金",
        (
            Item("资金与预算", "subsidies:funds", "wallet", STAFF_AND_OVERSIGHT),
            Item("资金分配", "subsidies:allocations", "tree", STAFF_AND_OVERSIGHT),
            Item("学院补助", "subsidies:grants", "coins", MONEY),
            Item("拨款", "subsidies:payments", "bank", MONEY),
            Item("收款账户", "subsidies:payee-accounts", "bank", MONEY),
            Item("支出明细", "subsidies:expenses", "receipt", MONEY),
            Item("年终决算", "subsidies:settlements", "check", MONEY),
            Item("个人申领", "subsidies:claims", "people", FILING),
            Item("付款清单", "subsidies:payouts", "bank", STAFF_AND_OVERSIGHT),
            Item("资金台账", "subsidies:entries", "ledger", MONEY),
            Item("支出疑点", "subsidies:flags", "flag", STAFF_AND_OVERSIGHT),
        ),
    ),
    (
        "审计",
        (
            Item("审计项目", "audits:engagements", "ledger", frozenset({Role.AUDITOR})),
            Item("审计底稿", "audits:papers", "sheet", frozenset({Role.AUDITOR})),
            Item("审计发现", "audits:findings", "warning", MONEY),
        ),
    ),
    (
        "统计",
        (
            Item(
                "年度名额报告",
                "reports:list",
                "sheet",
                STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER},
            ),
        ),
    ),
    (
        "依据与机构",
        (
            Item("政策库", "policies:list", "book", EVERYBODY),
            Item("组织机构", "organizations:list", "tree", READERS_OF_ORGANIZATIONS),
        ),
    ),
    (
        "运行",
        (
            Item("通知", "portal:notices", "flag", EVERYBODY),
            Item("导入记录", "intake:imports", "upload", FILING | {Role.ACADEMY_MANAGER}),
            Item("后台任务", "portal:jobs", "clock", STAFF | {Role.SYSTEM_ADMIN}),
            Item("留痕记录", "portal:records", "shield", STAFF | {Role.AUDITOR, Role.AUDIT_ADMIN}),
            Item("管理后台", "admin:index", "gear", BACK_OFFICE),
        ),
    ),
)
PUBLIC = (
    ("首页", "portal:home"),
    ("够不够条件", "talents:self-check"),
    ("公示公告", "talents:public-notices"),
    ("赛事日历", "competitions:calendar"),
    ("竞赛获奖", "competitions:winners"),
    ("工匠名录", "talents:directory"),
    ("政策库", "policies:list"),
    ("登录", "account_login"),
)


@cache
def address(url_name: str) -> str:
    """The address of a page, or nothing while that page does not exist; asked for on every page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def menu_for(user: User, path: str) -> list[dict[str, Any]]:
    """Groups of links ``user`` is offered, the one that ``path`` lies under marked as current."""
    groups: list[dict[str, Any]] = []
    offered = set()
    for title, items in MENU:
        links = []
        for item in items:
            href = address(item.url_name)
            if href and href not in offered and is_offered(user, item):
                offered.add(href)
                links.append(_link(item.label, href, path, item.icon))
        if links:
            groups.append({"title": title, "links": links})
    _keep_nearest([link for group in groups for link in group["links"]])
    return groups


def drawn(menu: list[dict[str, Any]], unread: str) -> SafeString:
    """The menu as HTML; ``unread`` is how many notices wait, nothing for none.

    It stands twice on every page, and what it shows depends on roles and place only: drawn once.
    """
    groups = tuple(
        (group["title"], tuple(tuple(link.items()) for link in group["links"])) for group in menu
    )
    return _drawn(groups, unread)


@lru_cache(maxsize=1024)
def _drawn(groups: tuple[Any, ...], unread: str) -> SafeString:
    menu = [{"title": title, "links": [dict(link) for link in links]} for title, links in groups]
    return render_to_string("components/_nav.html", {"menu": menu, "unread": unread})


def _keep_nearest(links: list[dict[str, Any]]) -> None:
    """Of the links a page lies under only the longest is where one is."""
    current = [link for link in links if link["is_current"]]
    for link in current:
        link["is_current"] = len(link["href"]) == max(len(other["href"]) for other in current)


def public_menu(path: str) -> list[dict[str, Any]]:
    """Links for someone who has not logged in."""
    return [_link(label, href, path) for label, name in PUBLIC if (href := address(name))]


def _link(label: str, href: str, path: str, icon: str = "") -> dict[str, Any]:
    here = path == href if href == "/" else path.startswith(href)
    return {"label": label, "href": href, "icon": icon, "is_current": here}
