"""What can be imported here; and 推荐人选汇总表 into nominations: its form, checks, what rows become."""

from intake.kinds import ImportKind, Sheet, register
from organizations.roles import FILING
from talents.imports.actions import ACTIONS
from talents.imports.checks import TITLES
from talents.imports.filing import entries, file, filed, judge, over_places, withdraw
from talents.imports.form import FORM, LONG_FIELDS
from talents.imports.honours import HONOURS
from talents.imports.reviews import REVIEWS
from talents.imports.rounds import RoundSubject
from talents.permissions import IMPORTERS

NOMINATIONS = register(
    ImportKind(
        code="nominations",
        title="推荐人选汇总表",
        subject=RoundSubject,
        sheets=(
            Sheet(
                name="talents.nominations",
                title="推荐人选汇总表",
                form=FORM,
                judge=judge,
                file=file,
                filed=filed,
                withdraw=withdraw,
                titles=TITLES,
                person_name="name",
                identity="identity",
                phone="phone",
                long_fields=LONG_FIELDS,
                entries=entries,
                cautions=over_places,
            ),
        ),
        roles=IMPORTERS,
        readers=FILING,
        refusals=(
            "公民身份号码位数、出生日期或校验位不对；按数字存放而丢了末几位的，指出来，不猜；",
            "同一人在本轮次已被推荐，或在同一张表里出现两次；",
            "单位不在提交组织的范围内，或经历的起止年月看不懂、颠倒；",
            "其余疑点只作提醒，不影响入库；一线经历或“五力”空着的照样入库，核验时为资料缺失。",
        ),
        consequences=(
            "推荐、工作经历和随之登记的证书一并撤下，相应的核验结果作废；",
            "因本批次才建立、别处没有用到的人员档案同时删除；",
        ),
    )
)

__all__ = ["ACTIONS", "HONOURS", "NOMINATIONS", "REVIEWS"]
