"""Call a selection round from the command line and open it for filing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from organizations.models import Organization, User
from policies.library.editions import edition_in_force, load_library, policy_by_digest
from policies.library.policy import Subject
from policies.library.problems import PolicyFileError
from policies.models import PolicyEdition
from talents.services.rounds import RoundPlan
from talents.workflow import called_round
from workflow.commands import RefusingCommand
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from policies.library.policy import Policy, Tier


YEARS = range(2000, 2101)


class Command(RefusingCommand):
    help = "开设一个选树轮次并开放申报；锁定基准日当天适用的政策版本。相同参数再次执行不作改动。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="编码", help="轮次编码，如 BJ-2026")
        parser.add_argument("--policy", required=True, metavar="政策编码", help="依据的政策")
        parser.add_argument("--tier", required=True, metavar="层级编码", help="政策中的层级")
        parser.add_argument("--year", required=True, metavar="年度", help="如 2026")
        parser.add_argument(
            "--reference-day",
            required=True,
            metavar="日期",
            help="基准日，如 2026-06-30；年限等条件计算到这一天所在月",
        )
        parser.add_argument("--name", default="", metavar="名称", help="默认为年度加层级名称")
        parser.add_argument(
            "--organizer", default="", metavar="组织编码", help="主办工会，默认为市总工会"
        )

        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["json"])
        actor = self.actor(options)
        selection, is_new = called_round(options["code"], _plan(options, actor), actor=actor)
        self.write_json(
            options["json"],
            {
                "round": selection.code,
                "name": selection.name,
                "policy": selection.edition.code,
                "edition": selection.edition.edition,
                "tier": selection.tier,
                "year": selection.year,
                "organizer": selection.organizer.code,
                "reference_day": selection.reference_day.isoformat(),
                "state": selection.state,
                "is_new": is_new,
            },
        )
        self.stdout.write(
            f"已开设轮次 {selection.code}“{selection.name}”，开放申报；依据 {selection.edition}，"
            f"基准日 {selection.reference_day}"
            if is_new
            else f"轮次 {selection.code}“{selection.name}”已存在，内容相同，未作改动"
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"基准日“{text}”不是日期，请写成 2026-06-30 的样子") from error


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and text in map(str, YEARS)):
        raise CommandError(f"年度“{text}”有误，请写四位数字，如 2026")
    return int(text)


def _plan(options: dict[str, Any], actor: User) -> RoundPlan:
    year, reference_day = _year(options["year"]), _day(options["reference_day"])
    try:
        load_library(actor=User.objects.system())
    except PolicyFileError as refusal:
        raise CommandError(str(refusal)) from refusal
    edition = _edition(options["policy"], reference_day)
    tier = _tier(policy_by_digest(edition.digest), options["tier"])
    return RoundPlan(
        name=options["name"] or f"{year}年{tier.title}选树",
        edition=edition,
        tier=tier.code,
        year=year,
        organizer=_organizer(options["organizer"], actor),
        reference_day=reference_day,
    )


def _edition(code: str, on: date) -> PolicyEdition:
    try:
        return edition_in_force(code, on)
    except DomainError as refusal:
        if refusal.code != "unknown-policy":
            raise
        known = PolicyEdition.objects.order_by("code").values_list("code", "title").distinct()
        choices = "、".join(f"{code}（{title}）" for code, title in known)
        raise CommandError(f"政策库中没有编码为 {code} 的政策；已有的政策：{choices}") from refusal


def _tier(policy: Policy, code: str) -> Tier:
    known = [
        tier
        for tier in policy.tiers
        if tier.subject is Subject.PERSON and policy.criteria_of(tier.code)
    ]
    for tier in known:
        if tier.code == code:
            return tier
    choices = "、".join(f"{tier.code}（{tier.title}）" for tier in known)
    raise CommandError(f"政策 {policy.code} 中没有可据以选树的层级 {code}；可用的层级：{choices}")


def _organizer(code: str, actor: User) -> Organization:
    rows = Organization.objects.visible_to(actor)
    if code:
        found = rows.filter(code=code).first()
        if found is None:
            raise CommandError(f"没有编码为 {code} 的组织，请先用 import_organizations 导入组织")
        return found
    cities = list(rows.filter(kind=Organization.Kind.CITY)[:2])
    if not cities:
        raise CommandError("还没有登记市总工会，请先用 import_organizations 导入组织")
    if len(cities) > 1:
        raise CommandError("登记了不止一个市总工会，请用 --organizer 指明主办工会的编码")
    return cities[0]
