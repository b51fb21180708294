"""What a list says of somebody still to be named has changed since it named: the rest goes up again."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Honour, PublicNotice
from talents.permissions.panels import may_convene
from talents.rules.succession import Succession
from talents.workflow.publicity import draft_notice, drop_notice, post_notice
from tests.factories.organizations import account
from tests.refusals import refused
from tests.talents.test_publicity import (  # noqa: F401
    SLATE,
    city,
    decided,
    objected,
    selection,
    when_over,
)
from tests.talents.test_shares_at_naming import FIRST, LATER, entry, name, up, worked_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(selection, monkeypatch):  # noqa: F811
    """Of two the first was named; the second was held back by an objection, one stands in reserve."""
    notice = up(selection)
    objection = objected(entry(notice, 2))
    when_over(notice, monkeypatch)
    name(notice)
    worked_off()
    notice.refresh_from_db()
    return notice, objection


def renamed(notice):
    """The unit of all of them is called otherwise now."""
    unit = entry(notice, 2).nomination.unit
    unit.name = "东方示例集团公司"
    unit.save()


def up_again(selection, monkeypatch):  # noqa: F811
    """The next version, posted, its days over."""
    drafted = draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, selection.organizer))
    approver = account(Role.APPROVER, selection.organizer)
    notice = post_notice(drafted.pk, starts_on=timezone.localdate(), actor=approver)
    assert refused(name, notice, LATER) == "notice-not-over"
    when_over(notice, monkeypatch)
    return notice


def test_who_was_held_back_is_named_from_the_next_version(
    selection, city, named, monkeypatch, client  # noqa: F811
):  # fmt: skip
    first, objection = named
    held = objection.entry.nomination_id
    decided(objection, city, is_upheld=False)
    renamed(first)
    assert refused(name, first, LATER) == "noticed-field-changed"
    handler = account(Role.HANDLER, city)
    client.force_login(handler)
    page = client.get(reverse("talents:notice", args=[first.pk])).content.decode()
    assert "公示内容有变，拟定新版" in page
    form = client.get(reverse("talents:notice-new", args=[selection.code])).content.decode()
    assert "余下的名额" in form

    second = up_again(selection, monkeypatch)
    first.refresh_from_db()
    client.logout()
    seen = client.get(reverse("talents:public-notice", args=[first.pk])).content.decode()
    assert "已命名" in seen
    assert "见后一版公示" in seen
    assert "拟命名" not in seen.partition("<tbody>")[2]
    rows = [(one.nomination_id, one.unit, one.is_reserve) for one in second.entries.all()]
    assert rows[0] == (held, "东方示例集团公司", False)
    assert [one[2] for one in rows] == [False, True]
    assert (second.version, second.places, first.state) == (2, 1, "replaced")
    assert refused(name, second, FIRST) == "document-used"
    (honour,) = name(second, LATER)

    assert honour.nomination_id == held
    assert Honour.objects.count() == 2
    assert not Succession(PublicNotice.objects.get(pk=second.pk)).names_later
    assert may_convene.why_not(handler, selection).code == "round-named"


def test_so_is_who_moves_up_for_one_whose_objection_was_upheld(selection, city, named, monkeypatch):  # noqa: F811
    first, objection = named
    reserve = entry(first, 3).nomination_id
    decided(objection, city, is_upheld=True)
    renamed(first)

    second = up_again(selection, monkeypatch)
    (honour,) = name(second, LATER)

    assert honour.nomination_id == reserve
    assert second.entries.count() == 1


def test_while_nothing_has_changed_the_list_that_named_goes_on(selection, city, named):  # noqa: F811
    first, objection = named
    handler = account(Role.HANDLER, city)
    assert refused(draft_notice, selection.pk, SLATE, actor=handler) == "notice-at-hand"
    decided(objection, city, is_upheld=False)
    renamed(first)
    drafted = draft_notice(selection.pk, SLATE, actor=handler)
    assert refused(name, first, LATER) == "next-list-at-hand"
    drop_notice(drafted.pk, actor=handler, note="单位名称更正有误")
    unit = entry(first, 2).nomination.unit
    unit.name = entry(first, 2).unit
    unit.save()
    assert len(name(first, LATER)) == 1
