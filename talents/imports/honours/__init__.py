"""工匠名录汇总表 into honours: the form, its checks, and what the rows become."""

from intake.kinds import ImportKind, Sheet, register
from organizations.roles import FILING
from talents.imports.honours.checks import TITLES
from talents.imports.honours.filing import HonourRegister, entries, file, filed, judge, withdraw
from talents.imports.honours.form import FORM
from talents.permissions.honours import HONOUR_KEEPERS

HONOURS = register(
    ImportKind(
        code="honours",
        title="工匠名录汇总表",
        subject=HonourRegister,
        sheets=(
            Sheet(
                name="talents.honours",
                title="工匠名录汇总表",
                form=FORM,
                judge=judge,
                file=file,
                filed=filed,
                withdraw=withdraw,
                titles=TITLES,
                counted="称号{}项",
                person_name="name",
                identity="identity",
                exact=frozenset({"certificate"}),
                entries=entries,
            ),
        ),
        roles=HONOUR_KEEPERS,
        readers=FILING,
        refusals=(
            "证书编号已登记，或在同一张表里出现两次；",
            "公民身份号码位数、出生日期或校验位不对；",
            "称号不是选树制度所列的名称或其别称（整词比对，不猜）；",
            "命名工会编码在您的管辖范围内没有登记；撤销的称号没有写明撤销日期。",
        ),
        consequences=(
            "本批次登记的称号一并撤下，名额报告的人数随之减少；",
            "因本批次才建立、别处没有用到的人员档案同时删除；",
        ),
    )
)

__all__ = ["HONOURS"]
