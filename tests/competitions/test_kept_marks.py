"""Marks kept as a draft, or sent, over a new version of the scheme: refused, and never lost to who typed them."""

from urllib.parse import urlencode

import pytest

from competitions.models import Aspect, Mark
from competitions.services.schemes import draw_up_scheme
from tests.competitions.test_sealing import seats, sheet_of
from tests.factories.competitions import EntryFactory

pytestmark = pytest.mark.django_db


def test_a_draft_over_a_new_version_of_the_scheme_opens_with_what_was_typed(
    client, item, hands, city
):
    EntryFactory(item=item, number="007")
    judge = seats(item, city)[1]
    old = Aspect.objects.get(scheme__item=item, method="judgement")
    address, told = sheet_of(client, judge, "007")
    client.post(address, told | {f"aspect_{old.pk}": "3", "_draft": "keep"})
    version = draw_up_scheme(
        item.pk, list(old.scheme.aspects.all()), actor=hands["handler"], note="更正评分基准"
    )
    new = version.aspects.get(method="judgement")
    words = f"第1版 {old.code} {old.title}（{old.get_method_display()}）：3"

    resumed = client.get(f"{address}?draft")
    assert resumed.status_code == 200
    assert words in resumed.content.decode()
    sent = client.post(address, told | {f"aspect_{old.pk}": "3", f"aspect_{new.pk}": "2"})
    assert sent.status_code == 409
    assert words in sent.content.decode()
    assert sent.context["form"][f"aspect_{new.pk}"].value() == "2"
    again = client.get(f"{address}?draft")
    assert words in again.content.decode()
    assert again.context["form"][f"aspect_{new.pk}"].value() == "2"
    assert not Mark.objects.exists()
    assert client.post(address, told | {f"aspect_{new.pk}": "2"}).status_code == 302
    assert words not in client.get(f"{address}?draft").content.decode()


@pytest.mark.parametrize("digits", [19, 5_000])
def test_an_aspect_of_so_many_digits_is_none(client, item, city, digits):
    EntryFactory(item=item, number="007")
    address, told = sheet_of(client, seats(item, city)[1], "007")

    body = urlencode(told | {f"aspect_{'9' * digits}": "1"})
    answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 409
