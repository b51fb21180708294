"""What comes of an objection that was upheld, or of an office, about somebody who has the title or may get it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Clearance
from talents.rules.succession import Succession
from talents.selectors.honours import revocation_queues
from talents.selectors.outcomes import situations_of
from talents.selectors.publicity import publicity_queues
from talents.workflow.added_places import add_place
from talents.workflow.endorsing import object_later, put_objection_right
from talents.workflow.honours import doubt_honour, revoke_honour, uphold_honour
from talents.workflow.objections import Came, Reported, enter_objection, reopen_objection
from talents.workflow.publicity import draft_notice, name_chosen, post_notice
from tests.factories.organizations import account
from tests.factories.workflow import moved
from tests.refusals import refused
from tests.talents.test_own_affairs import oneself
from tests.talents.test_publicity import (  # noqa: F401
    SLATE,
    city,
    decided,
    objected,
    posted,
    selection,
    when_over,
)
from workflow import jobs
from workflow.models import Job, Notice, Record

pytestmark = pytest.mark.django_db
FIRST, LATER = "京工发〔2026〕9号", "京工发〔2026〕12号"
TO_DO = "异议成立待提出撤销的称号"


@pytest.fixture
def approver(city):  # noqa: F811
    return account(Role.APPROVER, city)


def office_objects(nomination, city):  # noqa: F811
    """An office that replied without objection, and objects today."""
    clerk, today = account(Role.HANDLER, city), timezone.localdate()
    row = Clearance.objects.create(
        nomination=nomination, office="税务", asked_on=today, asked_by=clerk
    )
    moved(
        Clearance.objects.filter(pk=row.pk), "clear", reply="无异议", answered_on=today,
        answered_by=clerk,
    )  # fmt: skip
    return object_later(row.pk, reply="欠税未缴", answered_on=today, actor=clerk, note="部门来函")


def to_do(user):
    return {queue.title for queue in revocation_queues(user)}


def words(notice, user):
    return [line.situation.label for line in situations_of(user, Succession(notice))]


class TestWhoWasNamed:
    @pytest.fixture
    def honour(self, posted, approver, monkeypatch):  # noqa: F811
        when_over(posted, monkeypatch)
        return name_chosen(posted.pk, document_number=FIRST, actor=approver)[0]

    @pytest.fixture
    def upheld(self, honour, posted, city):  # noqa: F811
        """By a letter that came in time and was put down after the naming."""
        entry = posted.entries.get(nomination=honour.nomination_id)
        letter = enter_objection(
            entry.pk, Reported("deeds", "获奖项目并非本人完成", ""),
            Came("letter", posted.starts_on), actor=account(Role.HANDLER, city),
        )  # fmt: skip
        return decided(letter, city, is_upheld=True)

    def test_is_put_to_whoever_may_propose_to_take_the_title_back(
        self, client, honour, upheld, posted, approver  # noqa: F811
    ):  # fmt: skip
        assert TO_DO in to_do(approver)
        assert Notice.objects.filter(
            recipient=approver, title__startswith="异议成立，请提出撤销"
        ).exists()
        page = reverse("talents:honour", args=[honour.pk])
        client.force_login(approver)
        for address in (
            reverse("talents:objection", args=[upheld.pk]),
            f"{reverse('talents:honours')}?objected=yes",
        ):
            assert page in client.get(address).content.decode()
        assert "称号仍然有效" in client.get(page).content.decode()
        assert words(posted, approver)[0] == "已命名；异议成立，待提出撤销"

    def test_is_told_to_everybody_without_a_name_where_it_has_none(
        self, client, honour, upheld, approver
    ):
        public = reverse("talents:public-notice", args=[upheld.entry.notice_id])
        receipt = f"{reverse('talents:receipt')}?number={upheld.receipt}"
        assert "已命名；异议成立，正按程序处理" in client.get(public).content.decode()
        assert "是否撤销称号按程序办理" in client.get(receipt).content.decode()

        handler = account(Role.HANDLER, honour.organization)
        doubt_honour(honour.pk, actor=handler, note="异议成立")
        assert to_do(approver) == {"撤销待复核的称号"}
        revoke_honour(honour.pk, actor=approver)

        assert "命名后称号已撤销" in client.get(public).content.decode()
        assert "所涉人选的称号已撤销" in client.get(receipt).content.decode()
        assert not to_do(approver)

    def test_who_keeps_the_title_is_put_to_nobody_again(
        self, honour, upheld, posted, city, approver  # noqa: F811
    ):  # fmt: skip
        doubt_honour(honour.pk, actor=account(Role.HANDLER, city), note="异议成立")
        uphold_honour(honour.pk, actor=approver, note="情节轻微")

        assert not to_do(approver)
        assert words(posted, approver)[0] == "已命名"

    def test_of_which_the_person_concerned_reads_nothing(self, honour, upheld, city):  # noqa: F811
        me = oneself(honour.person, city)
        assert TO_DO not in to_do(me)

    def test_an_office_that_objects_is_the_same(self, client, honour, city, approver):  # noqa: F811
        row = office_objects(honour.nomination, city)
        assert TO_DO in to_do(approver)
        client.force_login(approver)
        page = reverse("talents:nomination", args=[honour.nomination_id])
        assert reverse("talents:honour", args=[honour.pk]) in client.get(page).content.decode()
        put_objection_right(
            row.pk, reply="无异议", answered_on=timezone.localdate(), actor=approver,
            note="已补缴",
        )  # fmt: skip
        assert TO_DO not in to_do(approver)


class TestWhomAnOfficeObjectsTo:
    def test_is_held_in_place_and_named_once_it_is_put_right(
        self, posted, city, approver, monkeypatch  # noqa: F811
    ):  # fmt: skip
        first, second, _ = posted.entries.order_by("position")
        row = office_objects(first.nomination, city)
        assert words(posted, approver) == ["部门有异议，暂缓", "拟命名", "候补"]
        when_over(posted, monkeypatch)
        honours = name_chosen(posted.pk, document_number=FIRST, actor=approver)
        assert [one.nomination_id for one in honours] == [second.nomination_id]
        for job in Job.objects.filter(status="queued"):
            jobs.run(job.pk)

        put_objection_right(
            row.pk, reply="无异议", answered_on=timezone.localdate(), actor=approver,
            note="已补缴",
        )  # fmt: skip

        (later,) = name_chosen(posted.pk, document_number=LATER, actor=approver)
        assert later.nomination_id == first.nomination_id

    def test_goes_on_no_list_and_keeps_one_from_going_up(
        self, selection, city, approver  # noqa: F811
    ):  # fmt: skip
        handler = account(Role.HANDLER, city)
        notice = draft_notice(selection.pk, SLATE, actor=handler)
        first = notice.entries.get(position=1)
        office_objects(first.nomination, city)
        today = timezone.localdate()
        assert refused(post_notice, notice.pk, starts_on=today, actor=approver) == "entry-objected"


def test_the_staff_reads_who_moves_up_and_who_is_not_named(posted, city, approver):  # noqa: F811
    decided(objected(posted.entries.get(position=1)), city, is_upheld=True)

    assert words(posted, approver) == ["异议成立，不予命名", "拟命名", "候补，递补"]


def test_the_staff_reads_who_waits(posted, approver):  # noqa: F811
    objected(posted.entries.get(position=1))

    assert words(posted, approver) == ["异议暂缓", "拟命名", "候补"]


class TestWhoseObjectionWasUpheldByMistake:
    """The reserve was named in their place before that was found out."""

    @pytest.fixture
    def lost(self, posted, city, approver, monkeypatch):  # noqa: F811
        upheld = decided(objected(posted.entries.get(position=1)), city, is_upheld=True)
        when_over(posted, monkeypatch)
        name_chosen(posted.pk, document_number=FIRST, actor=approver)
        for job in Job.objects.filter(status="queued"):
            jobs.run(job.pk)
        posted.refresh_from_db()
        return upheld

    def added(self, notice, actor, **other):
        words = {"document_number": "第12次会议纪要", "note": "异议经复核不成立"} | other
        return add_place(notice.pk, actor=actor, **words)

    def test_is_named_on_a_place_added_by_a_decision(
        self, client, posted, city, lost, approver  # noqa: F811
    ):  # fmt: skip
        assert refused(self.added, posted, approver) == "nobody-wronged"
        reopen_objection(lost.pk, actor=approver, note="有新的证明材料")
        assert refused(self.added, posted, approver) == "nobody-wronged"
        decided(lost, city, is_upheld=False)
        assert refused(name_chosen, posted.pk, document_number=LATER, actor=approver) == (
            "illegal-transition"
        )
        assert "份名单待增补名额" in {queue.unit for queue in publicity_queues(approver)}
        handler = account(Role.HANDLER, city)
        assert refused(self.added, posted, handler) == "role-required"
        assert refused(self.added, posted, approver, document_number=" ") == "document-required"
        assert refused(self.added, posted, approver, note=" ") == "reason-required"
        client.force_login(approver)
        address = reverse("talents:notice-add-place", args=[posted.pk])
        page = client.get(reverse("talents:notice", args=[posted.pk])).content.decode()
        assert address in page

        client.post(address, {"document_number": "第12次会议纪要", "note": "异议经复核不成立"})

        posted.refresh_from_db()
        assert (posted.places, posted.named_count) == (3, 2)
        assert refused(self.added, posted, approver) == "nobody-wronged"
        (honour,) = name_chosen(posted.pk, document_number=LATER, actor=approver)
        assert honour.nomination_id == lost.entry.nomination_id
        record = Record.objects.get(code="talents.place-added")
        assert lost.entry.name in record.note
        assert record.after["places"] == 3

    def test_takes_the_place_of_nobody_who_is_held(
        self, posted, city, approver, monkeypatch  # noqa: F811
    ):  # fmt: skip
        first, second, reserve = posted.entries.order_by("position")
        upheld = decided(objected(first), city, is_upheld=True)
        open_ = objected(second)
        when_over(posted, monkeypatch)
        name_chosen(posted.pk, document_number=FIRST, actor=approver)
        posted.refresh_from_db()
        reopen_objection(upheld.pk, actor=account(Role.APPROVER, city), note="有新的证明材料")
        decided(upheld, city, is_upheld=False)

        course = Succession(posted)

        assert [one.pk for one in course.in_their_places] == [second.pk]
        assert [one.pk for one in course.wronged] == [first.pk]
        assert open_.state == "received"
        assert reserve.nomination_id in course.named

    def test_is_not_looked_into_again_where_the_list_was_drawn_up_without_them(
        self, posted, selection, city, approver, monkeypatch  # noqa: F811
    ):  # fmt: skip
        upheld = decided(objected(posted.entries.get(position=1)), city, is_upheld=True)
        again = draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city))
        again = post_notice(again.pk, starts_on=timezone.localdate(), actor=approver)
        when_over(again, monkeypatch)
        name_chosen(again.pk, document_number=FIRST, actor=approver)

        code = refused(reopen_objection, upheld.pk, actor=approver, note="有新的证明材料")

        assert code == "named-without"
