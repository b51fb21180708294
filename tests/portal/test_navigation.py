import pytest
from django.contrib.auth.models import AnonymousUser

from organizations.roles import Role
from portal.frame import navigation
from portal.frame.navigation import Item, address, menu_for, public_menu


@pytest.fixture
def menu(monkeypatch):
    """A small menu whose addresses all exist but one."""
    items = (
        Item("工作台", "portal:home", "home", frozenset(Role)),
        Item("推荐管理", "portal:styleguide", "people", frozenset({Role.HANDLER})),
        Item("我的推荐", "portal:styleguide", "people", frozenset({Role.NOMINATOR})),
        Item("尚未建成", "portal:nowhere", "box", frozenset(Role)),
    )
    monkeypatch.setattr(navigation, "MENU", (("", items),))


def labels(groups):
    return [link["label"] for group in groups for link in group["links"]]


def test_menu_offers_what_the_role_is_for(menu, account_with):
    assert labels(menu_for(account_with(Role.NOMINATOR), "/")) == ["工作台", "我的推荐"]


def test_menu_names_one_address_once_for_someone_with_two_roles(menu, account_with):
    user = account_with(Role.HANDLER, Role.NOMINATOR)

    assert labels(menu_for(user, "/")) == ["工作台", "推荐管理"]


def test_menu_is_empty_without_a_role(menu, account_with):
    assert menu_for(account_with(), "/") == []


def test_menu_is_empty_without_login(menu):
    assert menu_for(AnonymousUser(), "/") == []


def test_menu_leaves_out_an_address_that_does_not_resolve():
    assert address("portal:nowhere") == ""


@pytest.mark.parametrize(
    ("path", "current"), [("/", ["工作台"]), ("/styleguide/", ["推荐管理"]), ("/else/", [])]
)
def test_menu_marks_where_one_is(menu, account_with, path, current):
    groups = menu_for(account_with(Role.HANDLER), path)

    marked = [link["label"] for group in groups for link in group["links"] if link["is_current"]]
    assert marked == current


def test_public_menu_leads_to_log_in():
    assert public_menu("/")[0] == {"label": "首页", "href": "/", "icon": "", "is_current": True}
    assert public_menu("/")[-1]["label"] == "登录"
