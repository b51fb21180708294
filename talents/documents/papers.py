"""What a nomination needs on paper: 推荐审批表, 汇总表, 征求意见表, 推荐报告 and 公示稿."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pages.documents.paper import Grid, Paper
from policies.wording import chinese_day
from talents.facts.service import frontline_months, service_of
from talents.models.persons import month_label
from talents.models.reviews import FORCES
from talents.rules.endorsing import EndorsementRule, current, levels_of
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import Organization
    from talents.models import Nomination, NoticeEntry, PublicNotice, SelectionRound

NOTHING = "—"
#: Where a day is written by hand.
DAY = "　　　　年　　月　　日"


def approval_of(nomination: Nomination) -> Paper:
    """推荐审批表: who it is, the career, the five forces, and room for what each level says."""
    person, selection = nomination.person, nomination.round
    months = service_of(nomination, selection.reference_day).total
    facts = [
        ("姓名", person.name),
        ("性别、民族", _of(person.get_sex_display(), person.ethnicity)),
        ("出生日期", chinese_day(person.birth_on) if person.birth_on else NOTHING),
        ("公民身份号码", person.identity_mask),
        ("政治面貌、学历", _of(person.political_status, person.education)),
        ("工作单位", nomination.unit.name),
        ("职务/岗位", nomination.post or NOTHING),
        ("职业（工种）、编码", _of(nomination.occupation, nomination.occupation_code)),
        ("技能等级、证书", _of(nomination.get_skill_level_display(), nomination.certificate_number)),
        ("一线工作", _years(months)),
        ("专利成果、带徒", _of(_count(nomination.patents_count, "项"), _count(nomination.apprentices_count, "人"))),
        ("获得荣誉", nomination.honours_text or NOTHING),
    ]  # fmt: skip
    return Paper(
        title="推荐审批表",
        issuer=selection.organizer.name,
        subject=subject_of(nomination),
        words=[f"{selection.name}，基准日{chinese_day(selection.reference_day)}。"],
        facts=facts,
        tables=[_career(nomination), _forces(nomination)],
        signatures=[*_opinions(nomination), (f"{selection.organizer.name}审批（盖章）", "")],
        sheet="a3",
        photo=True,
    )


def _opinions(nomination: Nomination) -> list[tuple[str, str]]:
    """Room for each level's seal, with what it has said of the papers as they stand."""
    said = {row.organization_id: row for row in current(nomination) if row.state == row.State.GIVEN}
    return [
        (
            f"{'所在单位' if place == 0 else body.name}意见（盖章）",
            f"{row.opinion}　{row.decided_by}　{chinese_day(row.decided_on)}"
            if row and row.decided_on
            else "",
        )
        for place, body in enumerate(levels_of(nomination))
        for row in [said.get(body.pk)]
    ]


def consultation_of(
    selection: SelectionRound, place: Organization, rows: Sequence[Nomination]
) -> Paper:
    """征求意见表: one line a candidate, one column for each office that is asked."""
    asked = EndorsementRule.of(selection).offices
    lines = [
        [str(number), row.person.name, row.unit.name, row.post or NOTHING, *("" for _ in asked)]
        for number, row in enumerate(rows, start=1)
    ]
    return Paper(
        title="征求意见表",
        issuer=place.name,
        subject=subject_of(selection),
        words=[
            (
                f"现就{selection.name}推荐人选征求意见，共{len(rows)}名。"
                "请在相应栏内填写“无异议”，有异议的另附书面说明，并加盖公章。"
            )
        ],
        tables=[
            Grid(
                "推荐人选",
                ("序号", "姓名", "单位", "职务/岗位", *asked),
                (1, 2, 6, 2, *(2 for _ in asked)),
                lines,
            )
        ],
        signatures=[("征求意见单位（盖章）", place.name), ("日期", DAY)],
        sheet="a4-across",
    )


def summary_of(selection: SelectionRound, place: Organization, rows: Sequence[Nomination]) -> Paper:
    """汇总表: one line a candidate, with what the round's own workbook has but numbers and telephones."""
    on = selection.reference_day
    months = dict(
        frontline_months(on).filter(nomination__in=rows).values_list("nomination", "value")
    )
    lines = [
        [
            str(number),
            row.person.name,
            row.person.get_sex_display() or NOTHING,
            row.person.ethnicity or NOTHING,
            f"{row.person.birth_on:%Y.%m}" if row.person.birth_on else NOTHING,
            row.person.political_status or NOTHING,
            row.person.education or NOTHING,
            row.unit.name,
            row.post or NOTHING,
            row.occupation or NOTHING,
            row.occupation_code or NOTHING,
            row.get_skill_level_display() or NOTHING,
            row.certificate_number or NOTHING,
            _years(months.get(row.pk)),
            row.honours_text or NOTHING,
            _of(_count(row.patents_count, "项"), _count(row.apprentices_count, "人")),
            str(row.rank or NOTHING),
        ]
        for number, row in enumerate(rows, start=1)
    ]
    columns = (
        ("序号", 1), ("姓名", 2), ("性别", 1), ("民族", 2), ("出生年月", 2), ("政治面貌", 2),
        ("学历", 2), ("工作单位", 4), ("职务/岗位", 2), ("职业（工种）", 3), ("职业编码", 3), ("技能等级", 2),
        ("证书编号", 5), ("一线工作", 3), ("获得荣誉", 4), ("专利、带徒", 2), ("推荐排序", 2),
    )  # fmt: skip
    heads, widths = [head for head, _ in columns], [width for _, width in columns]
    return Paper(
        title="推荐人选汇总表",
        issuer=place.name,
        subject=subject_of(selection),
        words=[f"{selection.name}，基准日{chinese_day(on)}，共{len(rows)}名。"],
        tables=[Grid("推荐人选", heads, widths, lines)],
        signatures=[("填报单位（盖章）", place.name), ("填报日期", DAY)],
        sheet="a3-across",
    )


def proposal_of(
    selection: SelectionRound, place: Organization, rows: Sequence[Nomination]
) -> Paper:
    """推荐报告: how many, of which units and trades, and the list in the order of recommendation."""
    units, trades = (Counter(map(str, of)) for of in (
        (row.unit.name for row in rows), (row.occupation or "未填" for row in rows)
    ))  # fmt: skip
    women = sum(row.person.sex == "2" for row in rows)
    most = "、".join(f"{trade}{count}名" for trade, count in trades.most_common(8))
    return Paper(
        title="推荐报告",
        issuer=place.name,
        subject=subject_of(selection),
        addressee="" if place == selection.organizer else selection.organizer.name,
        words=[
            (
                f"按照{selection.name}部署，经推荐、资格核验和确认，现推荐人选{len(rows)}名，"
                f"来自{len(units)}个单位，其中女性{women}名。"
            ),
            f"按职业（工种）：{most}。",
            "以上人选均已由主管工会确认，材料真实性由推荐单位负责。",
        ],
        tables=[
            Grid(
                "推荐人选",
                ("序号", "姓名", "单位", "职务/岗位", "职业（工种）", "技能等级"),
                (1, 2, 5, 3, 3, 2),
                [
                    [
                        str(number),
                        row.person.name,
                        row.unit.name,
                        row.post or NOTHING,
                        row.occupation or NOTHING,
                        row.get_skill_level_display() or NOTHING,
                    ]
                    for number, row in enumerate(rows, start=1)
                ],
            )
        ],
        signatures=[("推荐工会（盖章）", place.name), ("日期", DAY)],
    )


def notice_of(notice: PublicNotice, rows: Sequence[NoticeEntry]) -> Paper:
    """公示稿: the frozen list with its public columns only, for the wall or the newspaper."""
    until = (
        f"公示期{chinese_day(notice.starts_on)}至{chinese_day(notice.ends_on)}"
        if notice.starts_on and notice.ends_on
        else f"公示期{notice.days}个工作日，自发布之日起"
    )
    return Paper(
        title="公示" if notice.starts_on else "公示（拟稿）",
        issuer=notice.organization.name,
        subject=subject_of(notice),
        words=[
            f"现将{notice.round.name}{notice.chosen_as}人选予以公示，{until}（{notice.days}个工作日）。",
            (
                f"对名单上的人选有异议的，可在公示期内向{notice.contact}反映；单位反映须加盖公章，"
                "个人实名反映的请留下联系方式。反映的事实应当客观。"
            ),
        ],
        tables=[
            Grid(
                "名单",
                ("次序", "姓名", "单位", "职务/岗位", "职业（工种）", "类别"),
                (1, 2, 5, 3, 3, 2),
                [
                    [
                        str(row.position),
                        row.name,
                        row.unit,
                        row.post or NOTHING,
                        row.trade or NOTHING,
                        "候补" if row.is_reserve else notice.chosen_as,
                    ]
                    for row in rows
                ],
            )
        ],
        signatures=[
            ("", notice.organization.name),
            ("", chinese_day(notice.starts_on) if notice.starts_on else DAY),
        ],
    )


def _career(nomination: Nomination) -> Grid:
    rows = [
        [
            f"{month_label(row.start_month)}—{month_label(row.end_month) if row.end_month else '至今'}",
            row.employer or nomination.unit.name,
            row.trade or NOTHING,
            "是" if row.is_frontline else "否",
        ]
        for row in nomination.employments.order_by("start_month", "pk")
    ]
    return Grid("工作经历", ("起止", "单位", "岗位（工种）", "一线"), (4, 5, 4, 1), rows)


def _forces(nomination: Nomination) -> Grid:
    rows = [
        [label, getattr(nomination, f"force_{force}").removeprefix(f"{label}：") or NOTHING]
        for force, label in FORCES.items()
    ]
    return Grid("主要事迹", ("五力", "事迹"), (1, 8), rows)


def _of(*words: str) -> str:
    return "　".join(word for word in words if word) or NOTHING


def _years(months: int | None) -> str:
    return NOTHING if months is None else f"{months // 12}年{months % 12}个月"


def _count(number: int | None, unit: str) -> str:
    return "" if number is None else f"{number}{unit}"
