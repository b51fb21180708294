"""What must agree inside one policy file, and between the editions of one code."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from policies.facts import facts_named
from policies.library.contests import Reached
from policies.library.policy import (
    INFERRED_MARKS,
    Article,
    Criterion,
    Policy,
    Provision,
    Reference,
    Severity,
    Softness,
    Standard,
    Status,
    Subject,
    Tier,
)
from policies.library.positions import line_of
from policies.library.problems import Problem
from policies.library.vocabulary import TERMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from policies.library.positions import Path

#: One bit for each criterion of a tier, in a PostgreSQL integer.
MOST_CRITERIA = 31

#: Sections by attribute name, which is also the name of the TOML table.
SECTIONS = (
    "tiers", "criteria", "standards", "targets", "baselines", "amounts",
    "procedure", "uses", "promotions", "parameters", "provisions", "references",
)  # fmt: skip

WHOLE = 100
UNKNOWN_MEASURE = "不认识的指标 {}：请先写入 policies/library/vocabulary.py"

Complaint = tuple["Path", str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A policy and where its words stand. ``lines`` is empty for an edition already stored."""

    name: str
    lines: Mapping[Path, int]
    policy: Policy

    def problem(self, path: Path, message: str) -> Problem:
        return Problem(self.name, line_of(self.lines, path), message, path)


def problems_within(placed: Placed, known: frozenset[str] | None) -> list[Problem]:
    """Everything in one file that contradicts itself, or asks for what nobody knows."""
    policy = placed.policy
    complaints = [
        *_dates(policy),
        *_names(placed.name, policy),
        *_sources(policy),
        *_codes(policy),
        *_criteria(policy, known),
        *_standards(policy),
        *_groups(policy),
        *_tiers(policy),
        *_targets(policy),
        *_baselines(policy),
        *_amounts(policy),
        *_uses(policy),
        *_promotions(policy),
        *_parameters(policy),
        *_steps(policy),
    ]
    return [placed.problem(path, message) for path, message in complaints]


def items_of(policy: Policy) -> Iterator[tuple[str, int, Article]]:
    """Every item with its section and its place there, section by section."""
    for section in SECTIONS:
        for index, item in enumerate(getattr(policy, section)):
            yield section, index, item


def _dates(policy: Policy) -> Iterator[Complaint]:
    until = policy.effective_until
    if until is not None and until <= policy.effective_from:
        yield ("effective_until",), "失效日期（不含当日）须晚于生效日期"
    if policy.edition < 1:
        yield ("edition",), "版次从 1 开始"
    for name in policy.default_fields:
        if getattr(policy, name, None) is None or not policy.note:
            yield ("default_fields",), f"默认的 {name} 须写有取值，并在 note 中说明为何这样选定"


def _names(name: str, policy: Policy) -> Iterator[Complaint]:
    expected = policy.code if policy.edition == 1 else f"{policy.code}-{policy.edition}"
    if name != f"{expected}.toml":
        yield ("code",), f"文件名应为 {expected}.toml，与 code 和 edition 一致"


def _sources(policy: Policy) -> Iterator[Complaint]:
    declared = {s.mark for s in policy.sources}
    cited: set[str] = set()
    for section, index, item in items_of(policy):
        path = (section, index)
        marks = set(item.source)
        cited |= marks
        for mark in sorted(marks - declared - INFERRED_MARKS.keys()):
            yield (*path, "source"), f"出处 {mark} 没有在 [sources.{mark}] 中说明来源和等级"
        if bool(item.quote) == bool(item.gist):
            yield path, "quote（原文）与 gist（转述）须写且只写一项"
        if item.default and not item.note:
            yield path, "default = true 的条目须在 note 中写明为何这样选定"
        is_rule = not isinstance(item, Provision | Reference | Tier)
        if is_rule and marks <= INFERRED_MARKS.keys() and not item.default:
            yield path, "没有公开出处的数值只能作为默认：请写 default = true 并在 note 中说明"
    for mark in sorted(declared - cited):
        yield ("sources", mark), f"出处 {mark} 没有任何条目引用"


def _codes(policy: Policy) -> Iterator[Complaint]:
    seen: set[tuple[str, str]] = set()
    for section, index, item in items_of(policy):
        # Criteria and standards share the order of the bits, so they share the codes too.
        family = "criteria" if section == "standards" else section
        if (family, item.code) in seen:
            yield (section, index, "code"), f"编码 {item.code} 重复"
        seen.add((family, item.code))


def _criteria(policy: Policy, known: frozenset[str] | None) -> Iterator[Complaint]:
    tiers = {t.code for t in policy.tiers}
    for section in ("criteria", "standards"):
        for index, item in enumerate(getattr(policy, section)):
            path = (section, index)
            for tier in item.tiers:
                if tier not in tiers:
                    yield (*path, "tiers"), f"没有名为 {tier} 的层级"
            yield from (((*path, key), text) for key, text in _comparison(item))
            if known is not None and item.fact and item.fact not in known:
                yield (*path, "fact"), f"不认识的事实 {item.fact}：请先在所属应用的 facts.py 中登记"
            if item.severity is Severity.MUST and set(item.source) == {"K"}:
                yield (*path, "source"), "未经证实的常识（K）只能作提示，不能作为必备条件"
            if item.severity is Severity.MUST and set(item.source) == {"I"}:
                yield (*path, "source"), "推断（I）只能作提示，不能作为必备条件"


def _comparison(item: Criterion) -> Iterator[tuple[str, str]]:
    written = [item.at_least, item.at_most, item.equals]
    count = sum(value is not None for value in written) + item.present
    derives = isinstance(item, Standard) and bool(item.derived_from)
    if item.severity is Severity.HUMAN:
        if item.fact or count:
            yield "severity", "由人核定（human）的条件不写 fact 和比较"
        return
    if derives:
        if count:
            yield "derived_from", "派生的标准不另写阈值"
        return
    if not item.fact:
        yield "fact", "缺少 fact：请写明依据哪一项事实判断"
    if count != 1:
        yield "code", "须写且只写一种比较：at_least、at_most、equals 或 present = true"
    if item.tolerance < 0:
        yield "tolerance", "容差不能为负"
    if item.tolerance and (item.present or item.equals is not None):
        yield "tolerance", "容差只用于 at_least 或 at_most"


def _standards(policy: Policy) -> Iterator[Complaint]:
    by_code = {s.code: s for s in policy.standards}
    for index, item in enumerate(policy.standards):
        path = ("standards", index, "derived_from")
        parts = (bool(item.factor), item.rounding is not None)
        if not item.derived_from:
            if any(parts):
                yield path, "写了 factor 或 rounding，却没有写 derived_from"
            continue
        base = by_code.get(item.derived_from)
        if base is None or base.derived_from or base.threshold is None:
            yield path, f"派生的依据 {item.derived_from} 应是本文件中有阈值、且本身不是派生的标准"
        if not all(parts):
            yield path, "派生的标准须写明 factor（比例）和 rounding（取整方式）"
        parameter = policy.parameter(item.factor)
        if item.factor and (parameter is None or parameter.number is None):
            yield (*path[:2], "factor"), f"比例 {item.factor} 应是本文件中写有 number 的参数"


def _groups(policy: Policy) -> Iterator[Complaint]:
    members: dict[tuple[str, str], list[tuple[Path, Criterion]]] = defaultdict(list)
    for section in ("criteria", "standards"):
        for index, item in enumerate(getattr(policy, section)):
            for tier in item.tiers if item.group else ():
                members[tier, item.group].append(((section, index, "group"), item))
    for (tier, group), found in members.items():
        path, _ = found[0]
        if len(found) == 1:
            yield path, f"{tier} 的条件组 {group} 只有一个条件，谈不上“之一”"
        if len({item.severity for _, item in found}) > 1:
            yield path, f"{tier} 的条件组 {group} 内各条件的 severity 须相同"


def _tiers(policy: Policy) -> Iterator[Complaint]:
    codes = {t.code for t in policy.tiers}
    named: set[str] = set()
    for index, tier in enumerate(policy.tiers):
        names = {tier.title, *tier.synonyms}
        if taken := sorted(names & named):
            yield ("tiers", index, "synonyms"), f"称号“{'、'.join(taken)}”已是另一层级的名称"
        named |= names
        criteria = policy.criteria_of(tier.code)
        for above in tier.feeds:
            if above not in codes:
                yield ("tiers", index, "feeds"), f"没有名为 {above} 的层级"
        if tier.subject is Subject.PERSON and not any(
            c.severity is Severity.MUST for c in criteria
        ):
            yield ("tiers", index), f"“{tier.title}”选树人员却没有必备条件：那等于人人合格"
        if len(criteria) > MOST_CRITERIA:
            yield ("tiers", index), f"层级 {tier.code} 的条件超过 {MOST_CRITERIA} 条"


def too_fine(policy: Policy) -> Iterator[Complaint]:
    """Thresholds with more digits than their fact is counted in: nothing could be held against them."""
    for section in ("criteria", "standards"):
        for index, item in enumerate(getattr(policy, section)):
            for fact in facts_named(item.fact):
                scaled = (item.limit or Decimal(0)).scaleb(fact.decimals)
                if scaled != int(scaled):
                    key = item.comparison or "tolerance"
                    message = f"{fact.label}计到小数点后{fact.decimals}位，{item.title}的界限为{item.limit:f}"
                    yield (section, index, str(key)), message


def _targets(policy: Policy) -> Iterator[Complaint]:
    for index, item in enumerate(policy.targets):
        path = ("targets", index)
        if item.measure not in TERMS:
            yield (*path, "measure"), UNKNOWN_MEASURE.format(item.measure)
        if sum(value is not None for value in (item.year, item.every_years, item.by)) != 1:
            yield path, "须写且只写一种期间：year、every_years 或 by"
        if ((item.every_years or 1) > 1) != (item.cycle_begins is not None):
            yield (
                (*path, "every_years"),
                "跨年的周期须写 cycle_begins（首个周期的起始年），其他不写",
            )
        bounds = (item.at_least, item.at_most, item.equals)
        if all(value is None for value in bounds) or (
            item.equals is not None and bounds.count(None) < len(bounds) - 1
        ):
            yield path, "须写 at_least、at_most（可同时写，表示区间）或 equals"
        if item.tolerance_percent and item.softness is not Softness.ABOUT:
            yield (*path, "tolerance_percent"), '只有 softness = "about"（左右）的目标才有容差'


def _baselines(policy: Policy) -> Iterator[Complaint]:
    for index, item in enumerate(policy.baselines):
        for measure in item.measures:
            if measure not in TERMS:
                yield ("baselines", index, "measures"), UNKNOWN_MEASURE.format(measure)


def _amounts(policy: Policy) -> Iterator[Complaint]:
    for index, item in enumerate(policy.amounts):
        if item.yuan is None and not item.note:
            yield ("amounts", index), "金额未公开时须在 note 中说明"
        if item.yuan is not None and item.yuan <= 0:
            yield ("amounts", index, "yuan"), "金额须大于零"
        if item.cap != (item.severity is not None):
            yield ("amounts", index), "上限（cap）须写明超出时的 severity，其他金额不写"


def _uses(policy: Policy) -> Iterator[Complaint]:
    for index, item in enumerate(policy.uses):
        path = ("uses", index)
        if item.needs_approval and not item.permitted:
            yield (*path, "needs_approval"), "不得列支的用途谈不上报批"
        if (item.share_at_least is None) != (item.severity is None):
            yield path, "share_at_least（所占百分比）与 severity 须同时写"
        if item.share_at_least is not None and not 0 < item.share_at_least <= WHOLE:
            yield (*path, "share_at_least"), "所占百分比须大于 0、不超过 100"


def _promotions(policy: Policy) -> Iterator[Complaint]:
    taken: dict[tuple[object, ...], int] = {}
    steps = list(Reached)
    for index, item in enumerate(policy.promotions):
        path = ("promotions", index)
        if not 1 <= item.first_rank <= item.last_rank:
            yield (*path, "last_rank"), "名次须从 1 起，且 last_rank 不小于 first_rank"
        if item.then is not None and steps.index(item.then) <= steps.index(item.to):
            yield (*path, "then"), "then 是已持有 to 等级者所晋升的等级，须高于 to"
        field = (item.level, item.contest_class, item.group, item.team_size)
        for rank in range(item.first_rank, item.last_rank + 1):
            if taken.setdefault((*field, rank), index) != index:
                yield (*path, "first_rank"), f"第 {rank} 名已由另一条规定，一个名次只能有一条"
                break


def _parameters(policy: Policy) -> Iterator[Complaint]:
    for index, parameter in enumerate(policy.parameters):
        given = (
            parameter.number is not None,
            bool(parameter.numbers),
            parameter.enabled is not None,
            bool(parameter.names),
        )
        if sum(given) != 1:
            yield ("parameters", index), "参数须写且只写 number、numbers、enabled 或 names 中的一项"


def _steps(policy: Policy) -> Iterator[Complaint]:
    orders: dict[str, list[int]] = defaultdict(list)
    for index, item in enumerate(policy.procedure):
        orders[item.procedure].append(item.order)
        if item.order != len(orders[item.procedure]):
            yield ("procedure", index, "order"), f"程序“{item.procedure}”的步骤须从 1 起依次编号"
        if (item.days is None) != (item.day_kind is None):
            yield ("procedure", index), "days 与 day_kind 须同时写"
        if item.days is not None and item.days < 1:
            yield ("procedure", index, "days"), "期限须大于零"


def problems_between(placed: Sequence[Placed]) -> list[Problem]:
    """Where the editions of one code repeat, skip, overlap or leave a gap."""
    problems: list[Problem] = []
    by_code: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        by_code[one.policy.code].append(one)
    for code, editions in by_code.items():
        editions.sort(key=lambda p: p.policy.edition)
        counts = Counter(p.policy.edition for p in editions)
        problems += [
            p.problem(("edition",), f"{code} 第 {p.policy.edition} 版重复")
            for p in editions
            if counts[p.policy.edition] > 1
        ]
        problems += [
            later.problem(("edition",), f"{code} 缺少第 {earlier.policy.edition + 1} 版")
            for earlier, later in pairwise(editions)
            if later.policy.edition > earlier.policy.edition + 1
        ]
        problems += _between_tiers(editions)
    return problems


def _between_tiers(editions: list[Placed]) -> Iterator[Problem]:
    applied = [p for p in editions if p.policy.status is not Status.DRAFT]
    tiers = {tier.code: None for p in applied for tier in p.policy.tiers} or {"": None}
    seen: set[Problem] = set()
    for tier in tiers:
        having = [p for p in applied if not tier or any(t.code == tier for t in p.policy.tiers)]
        for earlier, later in pairwise(having):
            message = _seam(earlier.policy, later.policy)
            names = [t.title for t in later.policy.tiers if t.code == tier]
            told = f"{message}（{names[0]}）" if names else message
            problem = later.problem(("effective_from",), told)
            if message and problem not in seen:
                seen.add(problem)
                yield problem


def _seam(earlier: Policy, later: Policy) -> str:
    """What is wrong where one edition hands over to the next; "" if nothing."""
    if later.effective_from <= earlier.effective_from:
        return f"第 {later.edition} 版须晚于第 {earlier.edition} 版生效"
    ends: date | None = earlier.effective_until
    if ends is None or later.supersedes:
        return ""
    if ends > later.effective_from:
        return f"与第 {earlier.edition} 版重叠：后者至 {ends:%Y-%m-%d} 才失效，如提前废止请写 supersedes = true"
    if ends < later.effective_from:
        return f"与第 {earlier.edition} 版之间有空档：自 {ends:%Y-%m-%d} 起无版本可依"
    return ""
