"""The lists of persons, their certificates and working lives; numbers of persons only as masks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.tables import Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters import CertificateFilter, CompletionFilter, EmploymentFilter, PersonFilter
from talents.models import Certificate, Employment, Person, PersonCompletion
from talents.selectors.persons import persons_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


def fields_in_words(row: PersonCompletion) -> str:
    """Which fields of the person's file an import filled in."""
    named = {field.name: str(field.verbose_name) for field in Person._meta.concrete_fields}
    return "、".join(named.get(name, name) for name in row.fields)


class PersonTable(Table):
    title, unit, filterset, order = "人员", "人", PersonFilter, NEWEST_FIRST

    name = Column("姓名", title=True, sort="name_pinyin")
    sex = Column("性别", choice="sex")
    birth_on = Column("出生日期", css="figures")
    identity_mask = Column("公民身份号码（掩码）", css="figures")
    education = Column("文化程度")
    political_status = Column("政治面貌")
    organization = Column("登记单位")

    def rows(self) -> QuerySet[Any]:
        return persons_in_scope(self.user)


class OfPersons(Table):
    """Rows about persons, by the person's name."""

    order = NEWEST_FIRST

    person = Column("姓名", title=True)


class CertificateTable(OfPersons):
    title, unit, filterset = "技能证书", "本证书", CertificateFilter

    number = Column("证书编号", css="figures")
    level = Column("技能等级", choice="level")
    occupation = Column("职业（工种）")
    issued_year = Column("发证年份", css="figures")

    def rows(self) -> QuerySet[Any]:
        return Certificate.objects.visible_to(self.user).select_related("person")


class EmploymentTable(OfPersons):
    title, unit, filterset = "工作经历", "段经历", EmploymentFilter

    started = Column("起始", css="figures")
    ended = Column("结束", css="figures")
    employer = Column("单位")
    trade = Column("岗位（工种）")
    is_frontline = Column("一线岗位")

    def rows(self) -> QuerySet[Any]:
        return Employment.objects.visible_to(self.user).select_related("person")


class CompletionTable(OfPersons):
    title, unit, filterset = "导入补充的人员资料", "条", CompletionFilter

    filled_in = Column("补充的项目", value=fields_in_words)
    batch = Column("文件")

    def rows(self) -> QuerySet[Any]:
        rows = PersonCompletion.objects.visible_to(self.user)
        return rows.select_related("person", "batch__attachment")
