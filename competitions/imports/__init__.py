"""Contests from workbooks (plans, entrants, marks): the forms, their checks, what rows become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.imports import entrants, marks, plan
from competitions.imports.checks import TITLES
from competitions.imports.entrants import EntriesSubject, YearSubject
from competitions.imports.form import ENTRANTS as ENTRANTS_FORM
from competitions.imports.form import MARKS as FORM
from competitions.imports.form import PARTICIPATIONS as PARTICIPATIONS_FORM
from competitions.imports.subject import MarksSubject
from competitions.permissions import ENTERERS, KEEPERS
from intake.kinds import ImportKind, Sheet, register
from intake.kinds.registers import register_sheet
from organizations.roles import FILING, STAFF_AND_OVERSIGHT

if TYPE_CHECKING:
    from intake.spreadsheets.tables import Form

MARKS = register(
    ImportKind(
        code="marks",
        title="评分表",
        subject=MarksSubject,
        sheets=(
            Sheet(
                name="competitions.marks",
                title="评分表",
                form=FORM,
                judge=marks.judge,
                file=marks.file,
                filed=marks.filed,
                withdraw=marks.withdraw,
                entries=marks.entries,
                titles=TITLES,
                counted="参赛人{}名",
                person_name="name",
                identity="identity",
            ),
        ),
        roles=KEEPERS,
        readers=STAFF_AND_OVERSIGHT,
        outcome=marks.outcome,
        refusals=(
            "评分列的表头写作“A1（测量,12分）”“B1裁判1（评价,10分）”，各评分点满分合计100分，否则整份退回；",
            "分数缺填、不是数字、为负、超过满分，评价分不是0至3的整数；",
            "参赛号或参赛人重复，公民身份号码位数、日期或校验位不对；",
            "表中有没有报名的：按参赛与晋升规则，年龄不符的不登记，须补交证明的逐行提醒，不影响成绩；",
            "现职业技能等级看不懂的只作提醒，不影响成绩，但不提出晋升建议。",
        ),
        consequences=(
            "本批次登记的分数和参赛人一并撤下，成绩随之重排；",
            "因本批次才建立、别处没有用到的人员档案同时删除；",
        ),
    )
)


def _list_of_entrants(name: str, title: str, form: Form) -> Sheet:
    """A sheet of people to be entered, in one item or in many."""
    return Sheet(
        name=name,
        title=title,
        form=form,
        judge=entrants.judge,
        file=entrants.file,
        filed=entrants.filed,
        withdraw=entrants.withdraw,
        entries=entrants.entries,
        titles=TITLES,
        counted="参赛人{}名",
        person_name="name",
        identity="identity",
    )


_OF_ENTRANTS = (
    "公民身份号码位数、日期或校验位不对，姓名与已登记的不一致；",
    "同一人在本项目已报名，或在表中出现两次；",
    "参赛条件（年龄、在本市学习工作年限等）在报名后逐条核对，写明理由，不因此退回；",
    "“是否签署参赛承诺”填“是”的，登记为已签署现行的一版；没有填的，报名后逐人登记签署。",
)
_UNDONE = (
    "本批次报名的参赛人一并撤下；",
    "因本批次才建立、别处没有用到的人员档案同时删除；",
)
ENTRANTS = register(
    ImportKind(
        code="entrants",
        title="参赛名单",
        subject=EntriesSubject,
        sheets=(_list_of_entrants("competitions.entrants", "参赛名单", ENTRANTS_FORM),),
        roles=ENTERERS,
        readers=FILING,
        refusals=_OF_ENTRANTS,
        consequences=_UNDONE,
    )
)
PARTICIPATIONS = register(
    ImportKind(
        code="participations",
        title="各项目参赛名单",
        subject=YearSubject,
        sheets=(
            _list_of_entrants("competitions.participations", "各项目参赛名单", PARTICIPATIONS_FORM),
        ),
        roles=ENTERERS,
        readers=FILING,
        refusals=(
            "没有填写项目编码，或本年度没有这个项目；项目不在报名期、成绩已锁定，或您不能为其报名；",
            *_OF_ENTRANTS,
        ),
        consequences=_UNDONE,
    )
)
PLAN = register(
    ImportKind(
        code="contests",
        title="竞赛计划",
        subject=plan.PlanRegister,
        sheets=(
            register_sheet(
                plan.plan_of,
                plan.carry_out,
                plan.take_back,
                name="competitions.plan",
                title="竞赛计划",
                form=plan.FORM,
                titles=plan.TITLES,
                counted="项目{}个",
                named_by="name",
                exact=frozenset({"contest", "item", "document_number"}),
            ),
        ),
        roles=KEEPERS,
        readers=FILING,
        whole=True,
        refusals=(
            "一行一个项目，同一竞赛各行的竞赛信息须相同；编码已由其他单位或其他竞赛使用；",
            "主办单位没有登记，或您不能以其名义办理竞赛；产业链不在市总工会的清单中；",
            "级别、类别、组别、赛段、参赛资格写的不是规定的名称；日期不实或先后颠倒；",
            "“由哪个赛段晋级”的项目没有登记，或首尾相接；成绩已锁定的项目不能更正；",
            "整份入库：有一行退回的，全部不入库。没有写到、空着的照原样保留，写“无”的清空。",
        ),
        consequences=(
            "本批次登记的竞赛和项目一并删除，更正的恢复原样；",
            "竞赛已发布，项目已有参赛人、评分方案、裁判的，不能整批撤销；",
        ),
    )
)

__all__ = ["ENTRANTS", "MARKS", "PARTICIPATIONS", "PLAN"]
