"""Workbooks to try the demo with: what a union and an academy would hand in, a few faults included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from academies.models import Academy
from organizations.models import Organization, User
from organizations.roles import STAFF, Role
from portal.demo import cast, training_workbook, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

#: Of other people than those of the round that the demo brings.
ROSTER_ROWS, ROSTER_SEED, TRAINING_YEAR = 64, 20261127, 2026


@dataclass(frozen=True, slots=True)
class Sample:
    """A workbook, made when it is asked for: the same every time."""

    name: str
    roles: frozenset[Role]
    make: Callable[[User], bytes]


def _roster(user: User) -> bytes:
    units = Organization.objects.filter(kind="unit").order_by("code").values_list("name", "uscc")
    rows = workbook.candidates(list(units), ROSTER_ROWS, ROSTER_SEED)
    return workbook.summary_table(rows, title="北京大工匠推荐人选汇总表（示例）")


def _training(user: User) -> bytes:
    academy = Academy.objects.visible_to(user).select_related("host").order_by("code").first()
    if academy is None or academy.host is None:
        raise Academy.DoesNotExist
    brands = list(academy.brands.values_list("name", flat=True))
    return training_workbook.of_year(academy.name, TRAINING_YEAR, brands, academy.host.name)


SAMPLES = {
    "roster": Sample("推荐人选汇总表（示例）.xlsx", STAFF, _roster),
    "training": Sample(
        f"{TRAINING_YEAR}年度培训工作簿（示例）.xlsx",
        frozenset({Role.ACADEMY_MANAGER}),
        _training,
    ),
}


def is_demo() -> bool:
    """Whether this is a house of demo data: allowed here, and its people are there."""
    return (
        settings.JIANGJIE_ALLOWS_DEMO
        and User.objects.filter(username=cast.CAST[0].username).exists()
    )
