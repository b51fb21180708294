"""The self-check judges by the policy's conditions; what is not answered is missing, never a pass."""

import pytest
from django.urls import reverse

from organizations.models import User
from policies.library.editions import load_library
from talents.selectors.tiers import tier_choices

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("months", "words"), [("60", "60"), ("59", "还差1"), ("", "资料缺失")], ids=str
)
def test_each_condition_is_told_at_the_threshold_below_it_and_open(client, months, words):
    load_library(actor=User.objects.system())
    key = next(k for k, one in tier_choices().items() if one.tier == "beijing-great")

    page = client.get(
        reverse("talents:self-check"),
        {"tier": key, "frontline_months": months, "force_leading": "1", "force_practice": "0"},
    )

    shown = page.content.decode()
    assert page.status_code == 200
    assert words in shown
    assert "五年以上一线生产现场工作经历" in shown
