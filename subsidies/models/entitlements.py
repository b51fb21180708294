"""What the policy's evaluation came to for an academy: the row that money obeys."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from academies.models import Academy
from organizations.rights import APPEND_ONLY
from organizations.scoping import ScopedQuerySet
from policies.models import PolicyEdition
from subsidies.models.funds import READERS


class Entitlement(models.Model):
    """Whether the criteria of an edition let an academy have the yearly subsidy at all.

    Written by the evaluation alone (``services.entitlements``), whenever it comes to something else.
    The latest row counts, and only while the academy is of the tier it was judged as: the trigger
    ``entry_pays_the_subsidised`` asks for it before any subsidy is reserved or paid. Suspension and
    the end of the subsidy are not in here; they are asked for live (``academies_payment_bar``).
    """

    RIGHTS = APPEND_ONLY
    NAMED_WITH = ("academy",)
    ORGANIZATION_PATH = "academy__organization__path"
    ALSO_SEEN_FROM = ("academy__supervising_union__path",)
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "entitlement_is_append_only": "refuse every change and deletion",
        "entitlement_is_never_truncated": "refuse emptying the table",
    }

    academy = models.ForeignKey(
        Academy,
        models.PROTECT,
        related_name="entitlements",
        verbose_name="工匠学院",
        db_index=False,
    )
    edition = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="+", verbose_name="政策版本", db_index=False
    )
    tier = models.CharField("核对时的层级", max_length=20, choices=Academy.Tier)
    is_entitled = models.BooleanField("属于补助对象")
    words = models.CharField("理由", max_length=500, blank=True)
    judged_at = models.DateTimeField("核对时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补助对象核对"
        ordering = ["academy", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_entitled=True) | ~Q(words=""), name="entitlement_denied_says_why"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["academy", "-id"], name="entitlement_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.academy}{'属于' if self.is_entitled else '不属于'}补助对象"
