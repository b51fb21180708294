"""成果与行动登记表 into entries: patents, 四技 and 五小 results, seeds, own assessment."""

from intake.kinds import ImportKind, Sheet, register
from organizations.roles import FILING
from talents.imports.actions.checks import TITLES
from talents.imports.actions.filing import ActionRegister, entries, file, filed, judge, withdraw
from talents.imports.actions.form import FORM
from talents.permissions import FILERS

ACTIONS = register(
    ImportKind(
        code="actions",
        title="成果与行动登记表",
        subject=ActionRegister,
        sheets=(
            Sheet(
                name="talents.actions",
                title="成果与行动登记表",
                form=FORM,
                judge=judge,
                file=file,
                filed=filed,
                withdraw=withdraw,
                titles=TITLES,
                counted="登记{}项",
                person_name="name",
                identity="identity",
                exact=frozenset({"document_number"}),
                entries=entries,
            ),
        ),
        roles=FILERS,
        readers=FILING,
        refusals=(
            "种类、类别看不懂，或类别不属于该种类；",
            "种子工匠、专利、四技成果没有写明人员，或公民身份号码不对；",
            "专利号位数、校验位或种类不对，或已登记过；同一人已是种子工匠，同一企业已登记自主评价；",
            "单位（院校）在您的管辖范围内没有登记，或日期看不懂。",
        ),
        consequences=(
            "本批次的登记一并撤下，成长档案和年度对照随之减少；",
            "因本批次才建立、别处没有用到的人员档案同时删除；",
        ),
    )
)

__all__ = ["ACTIONS"]
