"""How the originals of expenses look, in bits, so that one picture under two expenses is seen."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from intake.pictures.reader import BITS
from organizations.rights import APPEND_ONLY
from organizations.scoping import ScopedQuerySet
from subsidies.models.expenses import Evidence
from subsidies.models.funds import READERS
from subsidies.models.ledger import ACADEMYS

#: Which way of looking made a print; prints of two ways cannot be compared.
METHOD = 1


class BitsField(models.CharField):
    """``BITS`` noughts and ones, compared by the database itself."""

    def db_type(self, connection: Any) -> str:
        return f"bit({BITS})"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return f"%s::bit({BITS})"


class EvidencePrint(models.Model):
    """The print (图像特征) of one picture in an original; of an original without any, that it was looked at."""

    RIGHTS = APPEND_ONLY
    NAMED_WITH = ("evidence",)
    ORGANIZATION_PATH = "evidence__expense__fund__organization__path"
    ALSO_SEEN_FROM = tuple(f"evidence__expense__{route}" for route in ACADEMYS)
    VISIBLE_TO_ROLES = READERS

    evidence = models.ForeignKey(
        Evidence, models.PROTECT, related_name="prints", verbose_name="凭证原件", db_index=False
    )
    method = models.SmallIntegerField("方法版本", default=METHOD)
    position = models.SmallIntegerField("第几幅", help_text="0 表示看过，没有可比的图像")
    bits = BitsField("图像特征", null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "图像特征"
        ordering = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evidence", "method", "position"], name="print_once_per_picture"
            ),
            models.CheckConstraint(
                condition=Q(position=0, bits__isnull=True) | Q(position__gt=0, bits__isnull=False),
                name="print_is_of_a_picture_or_says_there_is_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence}第{self.position}幅"
