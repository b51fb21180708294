"""专家评审打分汇总表 into reviews: the form, its checks, and what the rows become."""

from intake.kinds import ImportKind, Sheet, register
from talents.imports.reviews.checks import TITLES
from talents.imports.reviews.filing import ReviewSubject, file, filed, judge, withdraw
from talents.imports.reviews.form import FORM
from talents.permissions.oneself import candidate_rounds_of
from talents.permissions.reviews import MARK_KEEPERS, REVIEW_READERS

REVIEWS = register(
    ImportKind(
        code="reviews",
        title="专家评审打分汇总表",
        subject=ReviewSubject,
        sheets=(
            Sheet(
                name="talents.reviews",
                title="专家评审打分汇总表",
                form=FORM,
                judge=judge,
                file=file,
                filed=filed,
                withdraw=withdraw,
                titles=TITLES,
                counted="评分{}份",
                named_by="candidate",
            ),
        ),
        roles=MARK_KEEPERS,
        readers=REVIEW_READERS,
        refusals=(
            "评分不在0至100之间，或五力有一项没有填写（写明回避的除外）；",
            "人选序号和姓名在本轮次没有对应的推荐，或资格核验不合格；",
            "同一专家对同一人选评了两次。",
        ),
        withheld=candidate_rounds_of,
        consequences=("本批次登记的评分一并撤下，名次随之重算；",),
    )
)

__all__ = ["REVIEWS"]
