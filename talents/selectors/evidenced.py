"""What a passport tells beside titles, each point with the page of its evidence: studios, projects, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from policies.wording import chinese_day
from talents.models import ActionEntry, Paper, Studio, StudioProject
from talents.models.actions import RESULTS
from talents.selectors.attainments import MOST_SHOWN, Attainment, Attainments, Speaks

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from talents.models import Person
    from talents.selectors.attainments import Sight


def evidenced(person: Person, sight: Sight) -> list[Attainments]:
    """Kind by kind, as far as it may be seen."""
    kinds = (_studios, _projects, _results, _seeds, _papers)
    return [found for kind in kinds if (found := kind(person, sight)).found]


def _studios(person: Person, sight: Sight) -> Attainments:
    rows = sight.rows(Studio).filter(Q(leader=person) | Q(members__person=person)).distinct()
    found = [
        Attainment(
            row.name,
            row.founded_on,
            (
                "领衔人" if row.leader_id == person.pk else "成员",
                row.get_level_display() or "—",
                row.get_state_display(),
            ),
            sight.href("talents:studio", row.pk),
            speaks=_leads(row) if row.leader_id == person.pk else None,
        )
        for row in rows.order_by("-founded_on")[:MOST_SHOWN]
    ]
    return Attainments("创新工作室", ("身份", "级别", "状态"), found)


def _projects(person: Person, sight: Sight) -> Attainments:
    rows = sight.rows(StudioProject).filter(lead=person).select_related("studio")
    found = [
        Attainment(
            row.title,
            row.starts_on,
            (row.studio.name, f"{row.ends_on:%Y-%m-%d}"),
            sight.href("talents:studio", row.studio_id),
            speaks=Speaks(
                "tackling",
                f"作为第一完成人主持工作室项目“{row.title}”（{chinese_day(row.starts_on)}开始）",
            ),
        )
        for row in rows.order_by("-starts_on")[:MOST_SHOWN]
    ]
    return Attainments("工作室项目（第一完成人）", ("工作室", "计划结题"), found)


def _results(person: Person, sight: Sight) -> Attainments:
    """Patents, 四技 and 五小; made first or with others."""
    rows = _entries(person, sight).filter(kind__in=RESULTS).order_by("-held_on")
    found = [
        Attainment(
            row.told,
            row.held_on,
            (
                row.get_sort_display(),
                row.number or "—",
                "第一完成人" if row.person_id == person.pk else "参与完成",
            ),
            sight.href("talents:action", row.pk),
            sight.href("talents:action-scan", row.pk) if row.scan_id else "",
            _made(row, "第一完成人" if row.person_id == person.pk else "参与完成"),
        )
        for row in rows[:MOST_SHOWN]
    ]
    return Attainments("专利、四技、五小成果", ("类别", "编号", "署名"), found)


def _leads(row: Studio) -> Speaks:
    level = row.get_level_display() if row.level else ""
    since = f"（{chinese_day(row.founded_on)}设立）" if row.founded_on else ""
    return Speaks("leading", f"领衔{level}职工创新工作室“{row.name}”{since}")


def _made(row: ActionEntry, part: str) -> Speaks:
    """技术攻关 speaks for 攻关力, the other results for 创新力; without the number."""
    force = "tackling" if row.sort == ActionEntry.Sort.TACKLING else "innovation"
    words = f"{row.get_sort_display()}“{row.told}”（{chinese_day(row.held_on)}，{part}）"
    return Speaks(force, words)


def _seeds(person: Person, sight: Sight) -> Attainments:
    rows = _entries(person, sight).exclude(kind__in=RESULTS)
    found = [
        Attainment(
            row.told,
            row.held_on,
            (row.get_sort_display() or row.get_kind_display(), row.organization.name),
            sight.href("talents:action", row.pk),
        )
        for row in rows.select_related("organization").order_by("-held_on")[:MOST_SHOWN]
    ]
    return Attainments("种子工匠登记", ("类别", "单位"), found)


def _entries(person: Person, sight: Sight) -> QuerySet[ActionEntry]:
    ours = Q(person=person) | Q(partners__person=person)
    return sight.rows(ActionEntry).filter(ours, withdrawn_on__isnull=True).distinct()


def _papers(person: Person, sight: Sight) -> Attainments:
    rows = sight.rows(Paper).filter(nomination__person=person)
    found = [
        Attainment(
            row.get_kind_display(),
            timezone.localdate(row.uploaded_at),
            (row.nomination.round.name, row.told or row.file.filename),
            sight.href("talents:evidence-file", row.pk),
        )
        for row in rows.select_related("nomination__round", "file").order_by("-pk")[:MOST_SHOWN]
    ]
    return Attainments("推荐佐证材料", ("轮次", "材料"), found)
