"""What is marked, how, and for how many points: versioned, and never changed once it is there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from competitions.models.competitions import READERS, Item
from intake.models import brought_by
from organizations.rights import APPEND_ONLY
from organizations.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from collections.abc import Collection

WHOLE = Decimal(100)
#: A judgement is a whole number of points from none to this, each with a benchmark of its own.
HIGHEST_JUDGEMENT = 3
MOST_SEATS = 7
MODULE_LENGTH = 60
#: Divisible by three times any number of seats: totals are counted in such parts, hence exactly.
PARTS = 1260


class Scheme(models.Model):
    """One version of the marking scheme of an item; its aspects make up one hundred."""

    RIGHTS = APPEND_ONLY
    ORGANIZATION_PATH = "item__competition__organizer__path"
    VISIBLE_TO_ROLES = READERS

    item = models.ForeignKey(Item, models.PROTECT, related_name="schemes", verbose_name="项目")
    number = models.PositiveSmallIntegerField("版次")
    reason = models.CharField("说明", max_length=200, blank=True)
    #: Aspects or modules whose points decide between equal totals, one after the other; none: ranks
    #: are shared.
    tie_order = ArrayField(
        models.CharField(max_length=MODULE_LENGTH),
        verbose_name="总分相同时的次序",
        default=list,
        blank=True,
    )
    batch = brought_by()
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评分方案"
        ordering = ["item", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "number"],
                name="scheme_once_per_version",
                violation_error_message="该版次的评分方案已建立，请刷新页面",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}评分方案第{self.number}版"

    @property
    def tie_words(self) -> str:
        """How equal totals are ranked, as it stands on a board."""
        if not self.tie_order:
            return "总分相同的，名次并列"
        named = "、".join(self.tie_order)
        return f"总分相同的，依次比较{named}的得分，高者在前；仍相同的，名次并列"

    @property
    def modules(self) -> list[str]:
        """The modules by name in the order of their aspects; none where there is only one part."""
        names = self.aspects.order_by("position").values_list("module", flat=True)
        return [name for name in dict.fromkeys(names) if name]


class Aspect(models.Model):
    """One thing that is measured, or judged by several; ``seats`` is by how many."""

    RIGHTS = APPEND_ONLY
    ORGANIZATION_PATH = "scheme__item__competition__organizer__path"
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "scheme_makes_up_one_hundred": "refuse a scheme whose aspects do not sum to 100",
    }

    class Method(models.TextChoices):
        MEASUREMENT = "measurement", "测量"
        JUDGEMENT = "judgement", "评价"

    scheme = models.ForeignKey(
        Scheme, models.PROTECT, related_name="aspects", verbose_name="评分方案"
    )
    position = models.PositiveSmallIntegerField("次序")
    module = models.CharField("模块", max_length=MODULE_LENGTH, blank=True)
    code = models.CharField("评分点", max_length=20)
    title = models.CharField("内容", max_length=120, blank=True)
    method = models.CharField("方法", max_length=12, choices=Method)
    maximum = models.DecimalField("满分", max_digits=5, decimal_places=2)
    seats = models.SmallIntegerField("裁判人数", default=1)
    #: What each judgement from 0 to 3 means; none, or one for each.
    benchmarks = ArrayField(
        models.CharField(max_length=200), verbose_name="评分基准", default=list, blank=True
    )
    standard = models.CharField("对应职业标准", max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评分点"
        ordering = ["scheme", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "code"],
                name="aspect_once_per_scheme",
                violation_error_message="评分点重复",
            ),
            models.CheckConstraint(
                condition=Q(maximum__gt=0, maximum__lte=WHOLE),
                name="aspect_maximum_is_positive",
                violation_error_message="满分应大于0、不超过100",
            ),
            models.CheckConstraint(
                condition=Q(method="measurement", seats=1)
                | Q(method="judgement", seats__gte=1, seats__lte=MOST_SEATS),
                name="aspect_is_judged_by_one_to_seven",
                violation_error_message="测量由一人记录，评价由1至7名裁判打分",
            ),
            models.CheckConstraint(
                condition=Q(benchmarks__len=0) | Q(benchmarks__len=HIGHEST_JUDGEMENT + 1),
                name="aspect_benchmarks_are_none_or_four",
                violation_error_message="评分基准须写全0至3分四条，或都不写",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}（{self.get_method_display()}，{self.maximum.normalize():f}分）"

    @property
    def ceiling(self) -> Decimal:
        """The most that one mark may be."""
        return (
            self.maximum if self.method == self.Method.MEASUREMENT else Decimal(HIGHEST_JUDGEMENT)
        )

    @classmethod
    def of_before(cls, scheme: Scheme, keys: Collection[int]) -> ScopedQuerySet:
        """Those with these keys of earlier versions of the same scheme, each with its version."""
        rows = cls.objects.filter(pk__in=keys, scheme__item=scheme.item_id).exclude(scheme=scheme)
        return rows.select_related("scheme").order_by("scheme__number", "position")
