"""A training workbook into classes and enrolments: two sheets, their checks, what rows become."""

from academies.imports import classes, roster
from academies.imports.forms import CLASSES as CLASSES_FORM
from academies.imports.forms import ROSTER as ROSTER_FORM
from academies.imports.pairs import BOTH_SHEETS
from academies.imports.subjects import KEEPERS, check_open, check_table, names_of
from academies.kinds import CLASSES_KIND, ROSTER_KIND
from academies.models.academies import READERS
from intake.imports import ImportKind, register

CLASSES = register(
    ImportKind(
        name=CLASSES_KIND,
        label="培训班开班情况表",
        form=CLASSES_FORM,
        roles=KEEPERS,
        judge=classes.judge,
        file=classes.file,
        filed=classes.filed,
        withdraw=classes.withdraw,
        check_open=check_open,
        page="academies:workbook",
        readers=READERS,
        subjects=names_of,
        handling=BOTH_SHEETS,
        check_table=check_table,
    )
)
ROSTER = register(
    ImportKind(
        name=ROSTER_KIND,
        label="学员名册",
        form=ROSTER_FORM,
        roles=KEEPERS,
        judge=roster.judge,
        file=roster.file,
        filed=roster.filed,
        withdraw=roster.withdraw,
        check_open=check_open,
        page="academies:workbook",
        readers=READERS,
        subjects=names_of,
        handling=BOTH_SHEETS,
        check_table=check_table,
        person_name="name",
        identity="identity",
    )
)

__all__ = ["CLASSES", "ROSTER"]
