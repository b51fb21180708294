"""推荐人选汇总表 into nominations: the form, its checks, and what the rows become."""

from intake.imports import ImportKind, register
from organizations.roles import FILING
from talents.imports.filing import check_open, file, filed, judge, names_of, withdraw
from talents.imports.form import FORM
from talents.selectors.obstacles import IMPORTERS

NOMINATIONS = register(
    ImportKind(
        name="talents.nominations",
        label="推荐人选汇总表",
        form=FORM,
        roles=IMPORTERS,
        judge=judge,
        file=file,
        filed=filed,
        withdraw=withdraw,
        check_open=check_open,
        page="talents:import-batch",
        readers=FILING,
        subjects=names_of,
        person_name="name",
        identity="identity",
        phone="phone",
    )
)

__all__ = ["NOMINATIONS"]
