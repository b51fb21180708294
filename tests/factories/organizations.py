"""Bodies, accounts, roles."""

from datetime import date

import factory

from organizations import services
from organizations.models import Membership, Organization, User
from organizations.roles import Role

SINCE = date(2000, 1, 1)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code(prefix, number):
    """A credit code with the right check character, computed without the library under test."""
    body = f"{prefix}110199{number:09d}"
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[-total % 31]


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    code = factory.Sequence(lambda n: f"O{n}")
    name = factory.Sequence(lambda n: f"第{n}工会")
    kind = Organization.Kind.CITY
    parent = None
    valid_from = SINCE

    @classmethod
    def _create(cls, model_class, *args, **facts):
        return services.register(**facts)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    display_name = factory.Sequence(lambda n: f"职员{n}")
    owner_digest = factory.Sequence(lambda n: b"owner" + n.to_bytes(27))


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    role = Role.HANDLER
    valid_from = SINCE


def account(role, organization, **facts):
    """Someone who holds ``role`` at ``organization``."""
    return MembershipFactory(role=role, organization=organization, **facts).user


def with_child(parent, kind, **facts):
    return OrganizationFactory(parent=parent, kind=kind, **facts)
