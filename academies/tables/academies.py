"""The lists of academies and of the rows behind their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from academies.filters.academies import (
    AcademyFilter,
    BrandFilter,
    ClassFilter,
    EnrolmentFilter,
    RosterFilter,
)
from academies.models import Brand, Enrolment, TrainingClass
from academies.permissions import may_keep, may_read_plan, may_register
from academies.rules import positions
from academies.selectors.academies import (
    academies_in_scope,
    brands_in_scope,
    classes_in_scope,
    classes_with_people,
    enrolments_in_scope,
    persons_in_scope,
    roster_of,
)
from academies.services.training import remove_enrolment
from pages.forms import ReasonForm
from pages.tables import Button, Empty, Table
from pages.tables.bulk import Bulk, one_by_one
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from academies.facts.counts import YearCount
    from academies.models import Academy
    from organizations.models import Organization
    from workflow.refusals import DomainError


REMOVAL = ("年度人数、人次等指标随之减少；", "人员档案不受影响，删除记录留存。")


def academy_trail(academy: Academy, year: int | None = None) -> tuple[tuple[str, str], ...]:
    """The steps down to an academy, or to its year, as pages below show them."""
    args = [academy.code] if year is None else [academy.code, year]
    name = "academies:academy" if year is None else "academies:year"
    return ("工匠学院", reverse("academies:list")), (academy.name, reverse(name, args=args))


def class_trail(row: TrainingClass) -> tuple[tuple[str, str], ...]:
    own = (row.number, reverse("academies:class", args=[row.pk]))
    return (*academy_trail(row.academy, row.year), own)


def standing_words(position: Any) -> str:
    """How an academy stands to its standards: what its tags on the page say."""
    return "，".join(tag.words for tag in position.tags)


class AcademyTable(Table):
    """Each academy with where it stands in the ``year`` given."""

    year: int
    title, unit, numbered, rows_called = "工匠学院", "家", True, "positions"
    lead = "各学院年度指标由培训记录逐行计出，对照建设标准。"
    tabs_label, keep, workbook, filterset = "年度", "year", "工匠学院", AcademyFilter
    nothing_found = Empty("没有符合条件的学院")

    code = Column("编码", path="academy.code", hidden=True, exported=True)
    name = Column(
        "学院", cell="academies/_name.html", text=lambda p: p.academy.name, title=True, sort="name"
    )
    tier = Column("层级", path="academy.get_tier_display", sort="tier")
    union = Column("主管工会", path="academy.supervising_union", sort="supervising_union__code")
    host = Column("举办单位", path="academy.host", hidden=True)
    designated_on = Column(
        "命名日期", path="academy.designated_on", css="nowrap", sort="designated_on"
    )
    persons = Column("人数", path="figures.persons", number=True)
    person_times = Column("人次", path="figures.person_times", number=True)
    brands = Column("品牌", path="brands", number=True)
    standing = Column("标准", cell="academies/_standing_of.html", text=standing_words, badge=True)

    def rows(self) -> QuerySet[Any]:
        return academies_in_scope(self.user)

    def bound_filter(self) -> Any:
        return AcademyFilter(self.query, queryset=self.rows(), request=self.request, year=self.year)

    def prepared(self, rows: list[Any]) -> list[Any]:
        return positions(rows, self.year)

    def buttons(self) -> list[Button]:
        found = []
        if may_read_plan.allows(self.user):
            found.append(Button("“1＋40＋N”进度", reverse("academies:plan")))
        if may_register.allows(self.user):
            address = reverse("intake:upload", args=["academies"])
            found += [
                Button("导入登记表", address, "upload"),
                Button("登记学院", reverse("academies:new"), is_main=True),
            ]
        return found

    def empty(self) -> Empty:
        return Empty("还没有登记工匠学院", "由主管工会登记，或导入登记表。")

    def context(self) -> dict[str, Any]:
        return {"year": self.year}

    def export_title(self) -> str:
        return f"{self.year}年度工匠学院"


class MeasureTable(Table):
    """The rows behind one figure of an ``academy`` in a ``year``; their number is the figure."""

    academy: Academy
    year: int
    figure: YearCount
    numbered, workbook = True, "指标依据"
    lead = "这个数字就是下列记录的条数。"
    nothing_found = Empty("没有符合条件的记录")

    def found_rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def rows(self) -> QuerySet[Any]:
        return self.found_rows().filter(self.figure.listed(self.academy, self.year))

    def bound_filter(self) -> Any:
        self.title, self.unit = self.figure.title, self.figure.unit  # type: ignore[misc]
        self.kicker = self.academy.name
        self.trail = academy_trail(self.academy, self.year)
        return super().bound_filter()

    def buttons(self) -> list[Button]:
        return [Button(f"返回{self.year}年度", self.trail[-1][1])]

    def empty(self) -> Empty:
        return Empty("没有记录", "该年度这一项为零。")

    def export_organization(self) -> Organization:
        return self.academy.organization

    def export_title(self) -> str:
        return f"{self.academy.name}{self.year}年度{self.figure.title}"


class PersonTable(MeasureTable):
    filterset = RosterFilter

    name = Column("姓名", path="person.name", title=True, css="unbroken")
    identity = Column("公民身份号码", path="person.identity_mask", css="figures unbroken", width=22)
    organization_name = Column("登记单位", path="person.organization")
    times = Column("参训人次", number=True, sort="times")
    practical_times = Column("实操人次", number=True)
    upgraded_times = Column("提升人次", number=True)

    def found_rows(self) -> QuerySet[Any]:
        return persons_in_scope(self.user)


class Enrolments(Table):
    """The columns in which lines of rosters are listed."""

    name = Column("姓名", path="person.name", title=True, css="unbroken")
    identity = Column("公民身份号码", path="person.identity_mask", css="figures unbroken", width=22)
    training_class = Column(
        "班次", path="training_class.number", link="academies:class", args=("training_class_id",)
    )
    employer = Column("工作单位")
    occupation = Column("职业（工种）")
    attendance = Column("出勤率", cell="academies/_attendance.html", number=True)
    levels = Column("等级变化", path="level_change", cell="academies/_levels.html")
    certificate_number = Column("证书编号", css="figures", width=26)
    result = Column("考核", cell="academies/_result.html", badge=True)


class EnrolmentTable(MeasureTable, Enrolments):
    filterset = RosterFilter

    def found_rows(self) -> QuerySet[Any]:
        return enrolments_in_scope(self.user).order_by("pk")


def _keeps_class(table: Table) -> DomainError | None:
    return may_keep.why_not(table.user, table.scope["of_class"].academy)


class ClassRosterTable(Enrolments):
    """Everybody in one class, ``of_class``."""

    of_class: TrainingClass
    title = heading = workbook = "学员名册"
    unit, filterset, page_size = "人", RosterFilter, 100
    bulk = (
        Bulk(
            "remove",
            "从本班删除",
            one_by_one(lambda pk, user, note: remove_enrolment(pk, actor=user, note=note)),
            may=_keeps_class,
            form=ReasonForm,
            tone="bad",
            consequences=REMOVAL,
        ),
    )

    training_class = None  # type: ignore[assignment]
    edit = Column("更正", link="academies:enrolment-edit", action=True)

    def rows(self) -> QuerySet[Any]:
        return roster_of(self.of_class, self.user)

    def bound_filter(self) -> Any:
        self.kicker, self.trail = str(self.of_class), class_trail(self.of_class)
        return super().bound_filter()

    def has(self, column: Column) -> bool:
        return not column.action or _keeps_class(self) is None

    def empty(self) -> Empty:
        return Empty("本班还没有学员", "逐人登记，或随工作簿导入。")

    def export_subject(self) -> str:
        return subject_of(self.of_class)

    def export_organization(self) -> Organization:
        return self.of_class.academy.organization

    def export_title(self) -> str:
        return f"{self.of_class.name}学员名册"


class Classes(Table):
    """The columns in which classes are listed."""

    name = Column("班次", sub="number", link="academies:class", title=True, sort="name")
    days = Column("起止", value=lambda row: f"{row.starts_on}—{row.ends_on}", css="figures")
    form = Column("形式", choice="form")


class ClassTable(MeasureTable, Classes):
    people = Column("学员", number=True)

    def found_rows(self) -> QuerySet[Any]:
        return classes_with_people(self.user)


class Brands(Table):
    """The columns in which specialities are listed."""

    name = Column("特色专业（工种）", title=True)
    since = Column("登记日期")
    until = Column("终止日期")


class BrandTable(MeasureTable, Brands):
    def found_rows(self) -> QuerySet[Any]:
        return brands_in_scope(self.user).order_by("since", "pk")


_TABLES: dict[type[Model], type[MeasureTable]] = {
    Enrolment: EnrolmentTable,
    TrainingClass: ClassTable,
    Brand: BrandTable,
}


def table_of(count: YearCount) -> type[MeasureTable]:
    """The list of the rows of a figure; who is counted once is listed once."""
    return PersonTable if count.is_distinct else _TABLES[count.rows.model]


class AllBrandTable(Brands):
    title, unit, order, filterset, workbook = (
        "特色品牌",
        "个",
        NEWEST_FIRST,
        BrandFilter,
        "特色品牌",
    )

    academy = Column("学院")

    def rows(self) -> QuerySet[Any]:
        return brands_in_scope(self.user)


class AllClassTable(Classes):
    title, unit, order, filterset, workbook = (
        "培训班",
        "个班次",
        NEWEST_FIRST,
        ClassFilter,
        "培训班",
    )

    academy = Column("学院")
    year = Column("年度", css="figures")
    specialty = Column("特色专业（工种）")
    is_practical = Column("实操")

    def rows(self) -> QuerySet[Any]:
        return classes_in_scope(self.user)


class AllEnrolmentTable(Enrolments):
    title, unit, order, filterset = "学员记录", "人次", NEWEST_FIRST, EnrolmentFilter

    employer = attendance = None  # type: ignore[assignment]
    academy = Column("学院")
    year = Column("年度", css="figures")

    def rows(self) -> QuerySet[Any]:
        return enrolments_in_scope(self.user)
