"""The union tree from a table: every fault named at once, then all of it or nothing.

Parents may come after their children, columns in any order. A body is found again by its code: the
same file twice changes nothing, another name is a correction, another parent a move. What a file
leaves out stays as it is.
"""

from accounts.imports import tree
from accounts.imports.plan import FORM, plan
from intake.kinds import ImportKind, register
from intake.kinds.registers import register_sheet
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT

ORGANIZATIONS = register(
    ImportKind(
        code="organizations",
        title="组织机构表",
        subject=tree.TreeSubject,
        sheets=(
            register_sheet(
                plan,
                tree.enter,
                tree.take_back,
                name="organizations.tree",
                title="组织机构表",
                form=FORM,
                titles=tree.TITLES,
                counted="组织{}个",
                named_by="name",
                exact=frozenset({"code", "name", "industry"}),
            ),
        ),
        roles=STAFF,
        readers=STAFF_AND_OVERSIGHT,
        whole=True,
        refusals=(
            "整份入库：有一行错误，全部不写入；",
            "编码已有的组织按表更正名称、上级等资料，表中没有的组织不受影响；",
            "上级不存在、已停用、绕成了圈，或不能设在该类组织之下；信用代码不合规则或已被使用。",
        ),
        consequences=("新登记的组织删除，更正过的资料和隶属关系恢复原样；",),
    )
)

__all__ = ["ORGANIZATIONS"]
