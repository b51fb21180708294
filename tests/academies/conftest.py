"""Beijing's tree and academies as the inputs have them."""

import pytest

from organizations.models import User
from organizations.roles import Role
from tests.academies.books import workbook
from tests.academies.handling import receive_workbook, upload_of
from tests.academies.staged import hand_in, pair
from tests.factories.academies import AcademyFactory, BrandFactory
from tests.factories.organizations import OrganizationFactory, account, with_child


@pytest.fixture
def academy(db):
    """首钢技师学院's academy, beside those of two other hosts."""
    return three_academies()


@pytest.fixture
def actor(db):
    return User.objects.system()


@pytest.fixture
def handed_in(academy, actor):
    """Call it with the parts of a workbook to stage it for 2025."""

    def receive(*args, **parts):
        content = workbook(*args, **parts)
        upload = upload_of(content, "培训.xlsx", academy=academy, year=2025, actor=actor)
        return receive_workbook(upload)

    return receive


@pytest.fixture
def manager(client, academy, settings, tmp_path):
    """The browser of who manages the academy; files are kept under ``tmp_path``."""
    settings.MEDIA_ROOT = tmp_path / "media"
    client.force_login(account(Role.ACADEMY_MANAGER, academy.host))
    return client


@pytest.fixture
def uploaded(manager, academy):
    """Call it with the parts of a workbook: the batches of the classes and of the roster."""

    def upload(*args, **parts):
        hand_in(manager, academy, workbook(*args, **parts))
        return pair()

    return upload


def three_academies():
    """首钢技师学院's academy, beside those of two other hosts."""
    city = OrganizationFactory(name="北京市总工会")
    hosts = {
        code: with_child(city, "unit", code=code, name=name)
        for code, name in {
            "U01": "首钢技师学院",
            "U02": "北京城市学院",
            "U03": "大兴区第一职业学校",
        }.items()
    }
    names = {
        "U01": "首都工匠学院（首钢技师学院）",
        "U02": "首都工匠学院（北京城市学院）",
        "U03": "大兴工匠学院（大兴区第一职业学校）",
    }
    made = {
        code: AcademyFactory(name=name, host=hosts[code], supervising_union=city)
        for code, name in names.items()
    }
    for brand in ("数控车工", "焊工"):
        BrandFactory(academy=made["U01"], name=brand)
    return made["U01"]
