"""Two districts, three units, and somebody in every role; placed so that own, sibling and foreign
mean something for each of them."""

import time
from dataclasses import dataclass, field
from types import SimpleNamespace

from django.test import Client

from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account, with_child

#: These serve at one unit; everybody else serves at the district above it.
AT_THE_UNIT = frozenset({Role.NOMINATOR, Role.ACADEMY_MANAGER, Role.CRAFTSMAN})
#: How long no request of a test finds its session in need of being written anew.
FRESH_SECONDS = 3600
PLACES = ("own", "sibling", "foreign")


def build():
    """A national and a city body, own and foreign district, three units."""
    nation = OrganizationFactory(code="CN", kind="national", name="全国总工会")
    city = with_child(nation, "city", code="BJ", name="北京市总工会")
    district = with_child(city, "district", code="D1", name="东城区总工会")
    elsewhere = with_child(city, "district", code="D2", name="西城区总工会")
    units = {
        "own": with_child(district, "unit", code="U1", name="本单位示例公司"),
        "sibling": with_child(district, "unit", code="U2", name="同区示例公司"),
        "foreign": with_child(elsewhere, "unit", code="U3", name="外区示例公司"),
    }
    users = {
        role: account(role, units["own"] if role in AT_THE_UNIT else district) for role in Role
    }
    others = {
        "sibling": account(Role.NOMINATOR, units["sibling"]),
        "foreign": account(Role.NOMINATOR, units["foreign"]),
    }
    world = SimpleNamespace(
        nation=nation, city=city, district=district, elsewhere=elsewhere,
        units=units, users=users, others=others, clients={},
    )  # fmt: skip
    return log_everybody_in(world)


def log_everybody_in(world):
    """A browser per role, in which something was looked at already; None is a stranger's."""
    for role in [None, *Role]:
        client = world.clients[role] = Client()
        if role is not None:
            client.force_login(world.users[role])
            session = client.session
            session["began_at"] = int(time.time())
            session["seen_at"] = session["began_at"] + FRESH_SECONDS
            session.save()
    return world


def client_of(world, role):
    return world.clients[role]


def sees(role, place):
    """Whether rows at ``place`` lie in the subtree of whoever holds ``role``."""
    return place == "own" or (place == "sibling" and role not in AT_THE_UNIT)


@dataclass
class Scene:
    """Where a target is made: which organization, and which account stands for it."""

    world: SimpleNamespace
    place: str = "own"
    role: str = Role.HANDLER
    notes: dict = field(default_factory=dict)

    @property
    def organization(self):
        return self.world.units[self.place]

    @property
    def user(self):
        """Who is asking where the place is their own; somebody of the other place otherwise."""
        return self.world.users[self.role] if self.place == "own" else self.world.others[self.place]
