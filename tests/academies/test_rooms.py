"""The register of rooms: entered, corrected, brought in and taken back, by those who keep the academy."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from academies.models import Room
from academies.services.academies import remove_academy
from academies.services.rooms import correct_room, register_room, remove_room
from intake.models import ImportBatch
from organizations.models import User
from organizations.roles import Role
from tests.factories.academies import AcademyFactory, ClassFactory, RoomFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
HEADER = "学院编码,场地名称,可容纳人数"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def academy():
    city = OrganizationFactory(code="BJ", kind="city")
    return AcademyFactory(code="A-U01", supervising_union=with_child(city, "district", code="D1"))


@pytest.fixture
def keeper(academy):
    return account(Role.ACADEMY_MANAGER, academy.organization)


@pytest.fixture
def desk(client, keeper):
    client.force_login(keeper)
    return client


def sent(client, *rows):
    content = "\r\n".join([HEADER, *rows, ""]).encode()
    file = SimpleUploadedFile("培训场地登记表.csv", content)
    return client.post(reverse("intake:upload", args=["rooms"]), {"file": file})


def at(name, *args):
    return reverse(f"intake:{name}", args=[ImportBatch.objects.latest("pk").pk, *args])


def rooms():
    return dict(Room.objects.order_by("name").values_list("name", "capacity"))


def test_a_room_is_entered_corrected_and_removed_on_record(desk, academy):
    made = desk.post(
        reverse("academies:room-new", args=[academy.code]), {"name": "实训楼 1", "capacity": "40"}
    )
    room = Room.objects.get()
    page = desk.get(reverse("academies:academy", args=[academy.code])).content.decode()
    corrected = desk.post(
        reverse("academies:room-edit", args=[room.pk]),
        {"name": room.name, "capacity": "36", "version": "1", "note": "拆去四个工位"},
    )
    stale = desk.post(
        reverse("academies:room-edit", args=[room.pk]),
        {"name": room.name, "capacity": "90", "version": "1", "note": "另一处再次更正"},
    )
    kept = rooms()
    removed = desk.post(reverse("academies:room-remove", args=[room.pk]), {"note": "场地已经退租"})

    assert (made.status_code, corrected.status_code, removed.status_code) == (302, 302, 302)
    assert "可容纳40人" in page
    assert "他人已更正过" in stale.content.decode()
    assert kept == {room.name: 36}
    assert rooms() == {}
    told = Record.objects.filter(subject=f"academies.room:{room.pk}").order_by("pk")
    assert [r.action for r in told] == ["登记场地", "更正", "删除场地"]
    assert (told[1].before["capacity"], told[1].after["capacity"]) == (40, 36)


@pytest.mark.parametrize("number", ["0", "-1", "100001", "四十", "1.5", ""])
def test_a_number_of_people_that_can_be_none_is_refused(desk, academy, number):
    answer = desk.post(
        reverse("academies:room-new", args=[academy.code]), {"name": "甲", "capacity": number}
    )

    assert answer.status_code in (200, 422)
    assert rooms() == {}


def test_the_same_room_twice_is_refused_in_words(desk, academy):
    RoomFactory(academy=academy, name="甲")
    RoomFactory(name="甲")  # of another academy

    answer = desk.post(
        reverse("academies:room-new", args=[academy.code]), {"name": "甲", "capacity": "9"}
    )

    assert "该场地已登记" in answer.content.decode()
    assert Room.objects.filter(academy=academy).count() == 1


def test_a_stranger_neither_enters_nor_corrects_nor_removes_a_room(academy):
    room = RoomFactory(academy=academy)
    elsewhere = account(Role.ACADEMY_MANAGER, OrganizationFactory(code="OTHER"))
    reader = account(Role.AUDITOR, academy.organization)

    for actor in (elsewhere, reader):
        with pytest.raises((DomainError, Room.DoesNotExist, type(academy).DoesNotExist)):
            register_room(academy.pk, {"name": "乙", "capacity": 5}, actor=actor)
        with pytest.raises((DomainError, Room.DoesNotExist)):
            correct_room(room.pk, {"name": "乙", "capacity": 5}, actor=actor, note="试")
        with pytest.raises((DomainError, Room.DoesNotExist)):
            remove_room(room.pk, actor=actor, note="试")
    assert rooms() == {room.name: room.capacity}


def test_a_table_enters_and_corrects_as_a_whole_and_is_taken_back(desk, academy):
    RoomFactory(academy=academy, name="甲", capacity=10)
    RoomFactory(academy=academy, name="丙", capacity=7)

    sent(desk, "a-u01,甲,20人", "A-U01,乙,３０")
    preview = desk.get(at("file")).content.decode()
    desk.post(at("commit"))
    after = rooms()
    again = sent(desk, "A-U01,乙,30")
    desk.post(
        reverse("intake:revert", args=[ImportBatch.objects.order_by("pk")[0].pk]),
        {"note": "传错了表格"},
    )

    assert "乙" in preview
    assert after == {"甲": 20, "乙": 30, "丙": 7}
    assert again.status_code in (302, 422)
    assert rooms() == {"甲": 10, "丙": 7}


def test_an_undo_is_refused_once_a_room_was_corrected_since(desk, academy, keeper):
    sent(desk, "A-U01,甲,20")
    desk.post(at("commit"))
    correct_room(Room.objects.get().pk, {"name": "甲", "capacity": 21}, actor=keeper, note="核定")

    answer = desk.post(at("revert"), {"note": "传错了表格"}, follow=True)

    assert "已有改动" in answer.content.decode()
    assert rooms() == {"甲": 21}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A-U01,,5", "cell-empty"),
        (",甲,5", "cell-empty"),
        ("A-U99,甲,5", "unknown-academy"),
        ("A-U01,甲,很多", "capacity-unreadable"),
        ("A-U01,甲,0", "capacity-unreadable"),
        ("A-U01,甲,9999999", "capacity-unreadable"),
        (f"A-U01,{'长' * 61},5", "text-too-long"),
    ],
)
def test_a_row_that_cannot_stand_keeps_the_whole_table_out(desk, academy, row, code):
    sent(desk, "A-U01,乙,5", row)
    batch = ImportBatch.objects.latest("pk")
    desk.post(at("commit"))

    assert code in set(batch.findings.values_list("code", flat=True))
    assert rooms() == {}


def test_a_room_twice_in_one_table_is_named(desk, academy):
    sent(desk, "A-U01,甲,5", "A-U01,甲,6")
    batch = ImportBatch.objects.latest("pk")

    assert "room-repeated" in set(batch.findings.values_list("code", flat=True))


def test_rooms_of_an_academy_that_others_keep_are_not_brought_in(desk, academy):
    other = AcademyFactory(
        code="A-OTHER",
        supervising_union=with_child(academy.supervising_union.parent, "district", code="D2"),
    )

    sent(desk, f"{other.code},甲,5")
    batch = ImportBatch.objects.latest("pk")

    assert set(batch.findings.values_list("code", flat=True)) == {"unknown-academy"}


def test_the_page_of_a_class_says_how_many_its_room_takes(desk, academy):
    RoomFactory(academy=academy, name="甲", capacity=33)
    known = ClassFactory(academy=academy, room="甲")
    unknown = ClassFactory(academy=academy, room="乙")

    assert (
        "甲（可容纳33人）" in desk.get(reverse("academies:class", args=[known.pk])).content.decode()
    )
    assert (
        "场地没有登记" in desk.get(reverse("academies:class", args=[unknown.pk])).content.decode()
    )
    form = desk.get(reverse("academies:class-edit", args=[known.pk])).content.decode()
    assert '<datalist id="rooms"><option value="甲">' in form


def test_an_academy_with_rooms_is_not_removed_from_the_register(academy):
    RoomFactory(academy=academy)

    with pytest.raises(DomainError) as refused:
        remove_academy(academy.pk, actor=User.objects.system(), note="登记有误")

    assert refused.value.code == "academy-in-use"
