"""Marking schemes as people write them."""

import pytest
from django.urls import reverse

from competitions.models import Aspect
from organizations.roles import Role
from tests.factories.competitions import EntryFactory, ItemFactory, marked
from tests.factories.organizations import OrganizationFactory, account

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("A1（测量,40分）尺寸\nB1（评价,60分,3名裁判）外观：差/一般/好/很好", ""),
        ("A1（测量,40分）\nB1（评价,50分）", "合计应为100分"),
        ("A1（测量,40分）\nA1（评价,60分）", "重复"),
        ("A1 测量 100", "第1行"),
        ("B1（评价,100分）外观：差/好", "四条"),
    ],
)
def test_a_scheme_is_written_a_line_for_each_aspect(client, lines, says):
    city = OrganizationFactory(kind="city")
    item = ItemFactory(competition__organizer=city)
    client.force_login(account(Role.HANDLER, city))
    address = reverse("competitions:scheme-new", args=[item.code])

    answer = client.post(address, {"aspects": lines, "reason": "技术文件"})

    if says:
        assert answer.status_code == 422
        assert says in answer.content.decode()
        return
    first, second = Aspect.objects.filter(scheme__item=item)
    assert (first.title, first.seats, second.seats) == ("尺寸", 1, 3)
    assert second.benchmarks == ["差", "一般", "好", "很好"]
    shown = client.get(address).content.decode()
    assert "B1（评价,60分,3名裁判）外观：差/一般/好/很好" in shown
    marked(EntryFactory(item=item), 1, 1, 1, 1)
    assert client.post(address, {"aspects": lines, "reason": "再改"}).status_code == 409
