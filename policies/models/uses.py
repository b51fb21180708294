"""What money may go to by an edition, as the database itself asks it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from organizations.rights import APPEND_ONLY
from organizations.scoping import OpenQuerySet
from policies.models.editions import PolicyEdition


class EditionUse(models.Model):
    """One use (用途) of an edition; written when the edition is stored, so that triggers need not read files."""

    RIGHTS = APPEND_ONLY

    edition = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="uses", verbose_name="政策版本", db_index=False
    )
    code = models.CharField("用途代码", max_length=40)
    is_permitted = models.BooleanField("可以列支")
    needs_approval = models.BooleanField("须逐项报批")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "政策规定的用途"
        ordering: ClassVar = ["edition", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="use_once_per_edition"),
        ]

    def __str__(self) -> str:
        return self.code
