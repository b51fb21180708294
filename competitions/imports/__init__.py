"""Marks of contests from workbooks: the form, its checks, what rows become."""

from competitions.imports import entrants, marks
from competitions.imports.checks import TITLES
from competitions.imports.entrants import EntriesSubject
from competitions.imports.form import ENTRANTS as ENTRANTS_FORM
from competitions.imports.form import MARKS as FORM
from competitions.imports.subject import MarksSubject
from competitions.permissions import ENTERERS, KEEPERS
from intake.kinds import ImportKind, Sheet, register
from organizations.roles import FILING, STAFF_AND_OVERSIGHT

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
            "现职业技能等级看不懂的只作提醒，不影响成绩，但不提出晋升建议。",
        ),
        consequences=(
            "本批次登记的分数和参赛人一并撤下，成绩随之重排；",
            "因本批次才建立、别处没有用到的人员档案同时删除；",
        ),
    )
)

ENTRANTS = register(
    ImportKind(
        code="entrants",
        title="参赛名单",
        subject=EntriesSubject,
        sheets=(
            Sheet(
                name="competitions.entrants",
                title="参赛名单",
                form=ENTRANTS_FORM,
                judge=entrants.judge,
                file=entrants.file,
                filed=entrants.filed,
                withdraw=entrants.withdraw,
                entries=entrants.entries,
                titles=TITLES,
                counted="参赛人{}名",
                person_name="name",
                identity="identity",
            ),
        ),
        roles=ENTERERS,
        readers=FILING,
        refusals=(
            "公民身份号码位数、日期或校验位不对，姓名与已登记的不一致；",
            "同一人在本项目已报名，或在表中出现两次；",
            "参赛条件（年龄、在本市学习工作年限等）在报名后逐条核对，写明理由，不因此退回；",
            "“是否签署参赛承诺”填“是”的，登记为已签署现行的一版；没有填的，报名后逐人登记签署。",
        ),
        consequences=(
            "本批次报名的参赛人一并撤下；",
            "因本批次才建立、别处没有用到的人员档案同时删除；",
        ),
    )
)

__all__ = ["ENTRANTS", "MARKS"]
