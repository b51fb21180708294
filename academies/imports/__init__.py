"""Academies and their training from workbooks: the forms, their checks, what rows become."""

from academies.imports import classes, evaluations, register, rooms, roster
from academies.imports.checks import TITLES
from academies.imports.forms import CLASSES as CLASSES_FORM
from academies.imports.forms import ROSTER as ROSTER_FORM
from academies.imports.subjects import YearSubject
from academies.models.academies import READERS
from academies.permissions import EVALUATORS, KEEPERS
from academies.selectors.academies import CLASSES_KIND, ROSTER_KIND
from intake.kinds import ImportKind, Sheet
from intake.kinds import register as registered
from intake.kinds.registers import register_sheet
from organizations.roles import STAFF

CLASSES = Sheet(
    name=CLASSES_KIND,
    title="培训班开班情况表",
    form=CLASSES_FORM,
    judge=classes.judge,
    file=classes.file,
    filed=classes.filed,
    withdraw=classes.withdraw,
    titles=TITLES,
    counted="培训班{}期",
    named_by="class_number",
)
ROSTER = Sheet(
    name=ROSTER_KIND,
    title="学员名册",
    form=ROSTER_FORM,
    judge=roster.judge,
    file=roster.file,
    filed=roster.filed,
    withdraw=roster.withdraw,
    titles=TITLES,
    counted="学员{}人次",
    person_name="name",
    identity="identity",
    phone="phone",
)
TRAINING = registered(
    ImportKind(
        code="training",
        title="培训工作簿",
        subject=YearSubject,
        sheets=(CLASSES, ROSTER),
        roles=KEEPERS,
        readers=READERS,
        takes=".xlsx",
        refusals=(
            "工作簿须有“培训班”“学员名册”两个工作表，标题写明别的学院或别的年度的整份退回；",
            "名册里的班次编号不在培训班表中、班次结束早于开始、同一人在同一班次出现两次；",
            "公民身份号码位数、日期或校验位不对；培训后等级低于培训前；",
            "证书编号第16位与培训后等级不符等疑点只作提醒，不影响入库。",
        ),
        consequences=(
            "培训班、学员记录一并撤下，年度指标随之减少；",
            "因本批次才建立、别处没有用到的人员档案同时删除；",
        ),
    )
)
ACADEMIES = registered(
    ImportKind(
        code="academies",
        title="工匠学院登记表",
        subject=register.RegisterSubject,
        sheets=(
            register_sheet(
                register.plan_of,
                register.carry_out,
                register.take_back,
                name="academies.register",
                title="工匠学院登记表",
                form=register.FORM,
                titles=register.TITLES,
                counted="学院{}所",
                named_by="name",
            ),
        ),
        roles=STAFF,
        readers=READERS,
        whole=True,
        refusals=(
            "整份入库：有一行错误，全部不写入；",
            "编码已有的学院按表更正，表中没有的学院不受影响，选填列空着即不改；",
            "层级、主管工会编码、命名日期看不懂，或主管工会不在您的管辖范围内。",
        ),
        consequences=("新登记的学院删除，更正过的资料恢复原样；",),
    )
)
ROOMS = registered(
    ImportKind(
        code="rooms",
        title="培训场地登记表",
        subject=rooms.RoomSubject,
        sheets=(
            register_sheet(
                rooms.plan_of,
                rooms.carry_out,
                rooms.take_back,
                name="academies.rooms",
                title="培训场地登记表",
                form=rooms.FORM,
                titles=rooms.TITLES,
                counted="场地{}处",
                named_by="name",
            ),
        ),
        roles=KEEPERS,
        readers=READERS,
        whole=True,
        refusals=(
            "整份入库：有一行错误，全部不写入；",
            "同一学院同名的场地已登记的，按表更正可容纳人数；表中没有的场地不受影响；",
            "学院编码没有登记，或不由您登记；人数不是正整数；同一学院的场地在表中出现两次。",
        ),
        consequences=("新登记的场地删除，更正过的可容纳人数恢复原样；",),
    )
)
EVALUATIONS = registered(
    ImportKind(
        code="evaluations",
        title="审核评价结果汇总表",
        subject=evaluations.EvaluationSubject,
        sheets=(
            Sheet(
                name=evaluations.NAME,
                title="审核评价结果汇总表",
                form=evaluations.FORM,
                judge=evaluations.judge,
                file=evaluations.file,
                filed=evaluations.filed,
                withdraw=evaluations.withdraw,
                titles=evaluations.TITLES,
                counted="审核评价{}条",
                named_by="code",
            ),
        ),
        roles=EVALUATORS,
        readers=READERS,
        refusals=(
            "学院编码没有登记；同一学院同一年度已有审核评价；",
            "等次、年度、日期看不懂；评价日期早于评价年度或晚于今天；",
            "整改期限、整改完成日期早于评价日期。",
        ),
        consequences=(
            "评价结果一并撤下；",
            "因不合格而暂停或终止的拨付随之恢复到没有这些评价时的状态，请先核实；",
        ),
    )
)

__all__ = ["ACADEMIES", "CLASSES", "EVALUATIONS", "ROOMS", "ROSTER", "TRAINING"]
