"""Who is held back at a naming: by an open objection until it is decided, by a return to the unit for good."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Honour, Nomination
from talents.workflow import reopen_round, return_nomination
from talents.workflow.publicity import draft_notice, name_chosen, post_notice
from tests.factories.organizations import account
from tests.factories.workflow import moved
from tests.refusals import refused
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
from workflow.models import Job, Record

pytestmark = pytest.mark.django_db
FIRST, LATER = "京工发〔2026〕9号", "京工发〔2026〕12号"


@pytest.fixture
def approver(city):  # noqa: F811
    return account(Role.APPROVER, city)


def named(honours):
    return [honour.nomination_id for honour in honours]


def test_filing_is_not_taken_up_again_once_a_round_has_named(
    posted, selection, approver, monkeypatch  # noqa: F811
):  # fmt: skip
    when_over(posted, monkeypatch)
    name_chosen(posted.pk, document_number=FIRST, actor=approver)
    moved(type(selection).objects.filter(pk=selection.pk), "closed")

    code = refused(reopen_round, selection.pk, actor=approver, note="再次申报")

    assert code == "round-has-named"


class TestAnOpenObjection:
    @pytest.fixture
    def entries(self, posted):  # noqa: F811
        return list(posted.entries.order_by("position"))

    @pytest.fixture
    def objection(self, posted, entries, approver, monkeypatch):  # noqa: F811
        """About the first of two, with one in reserve; the second was named meanwhile."""
        objection = objected(entries[0])
        when_over(posted, monkeypatch)
        honours = name_chosen(posted.pk, document_number=FIRST, actor=approver)
        assert named(honours) == [entries[1].nomination_id]
        for job in Job.objects.filter(status="queued"):
            jobs.run(job.pk)
        return objection

    def test_keeps_the_place_until_it_is_decided(self, posted, objection, approver):  # noqa: F811
        assert refused(name_chosen, posted.pk, document_number=LATER, actor=approver) == (
            "illegal-transition"
        )
        assert Honour.objects.count() == 1

    def test_that_is_dismissed_lets_the_person_be_named_by_a_document_of_its_own(
        self, client, posted, objection, approver  # noqa: F811
    ):  # fmt: skip
        held = objection.entry
        decided(objection, posted.organization, is_upheld=False)
        client.force_login(approver)
        page = client.get(reverse("talents:notice", args=[posted.pk])).content.decode()
        assert "补充命名" in page
        assert "名待补充命名" in client.get("/").content.decode()
        same = refused(name_chosen, posted.pk, document_number=f" {FIRST}", actor=approver)
        assert same == "document-used"
        handler = account(Role.HANDLER, posted.organization)
        assert refused(name_chosen, posted.pk, document_number=LATER, actor=handler) == (
            "role-required"
        )

        (honour,) = name_chosen(posted.pk, document_number=LATER, actor=approver)

        posted.refresh_from_db()
        assert (honour.nomination_id, honour.document_number) == (held.nomination_id, LATER)
        assert (posted.state, posted.named_count) == ("concluded", 2)
        assert Record.objects.get(code="talents.notice-named-later").note == f"{LATER}，命名1名"
        assert refused(name_chosen, posted.pk, document_number="第三号", actor=approver) == (
            "illegal-transition"
        )

    def test_that_is_upheld_gives_the_place_to_the_reserve(
        self, posted, entries, objection, city, approver  # noqa: F811
    ):  # fmt: skip
        decided(objection, city, is_upheld=True)

        honours = name_chosen(posted.pk, document_number=LATER, actor=approver)

        assert named(honours) == [entries[2].nomination_id]

    def test_who_was_held_back_is_not_named_over_a_changed_line(
        self, posted, entries, objection, city, approver  # noqa: F811
    ):  # fmt: skip
        decided(objection, city, is_upheld=False)
        person = entries[0].nomination.person
        type(person).objects.filter(pk=person.pk).update(name="改名")

        assert refused(name_chosen, posted.pk, document_number=LATER, actor=approver) == (
            "noticed-field-changed"
        )


class TestWhoWasGivenBack:
    def give_back(self, entry, approver):
        return return_nomination(entry.nomination_id, actor=approver, note="档案存疑，退回核实")

    def test_after_the_list_went_up_is_not_named_and_the_reserve_moves_up(
        self, client, posted, approver, monkeypatch  # noqa: F811
    ):  # fmt: skip
        first, second, reserve = posted.entries.order_by("position")
        self.give_back(first, approver)
        client.force_login(approver)
        page = client.get(reverse("talents:notice", args=[posted.pk])).content.decode()
        assert page.count("已退回，不命名") == 1
        when_over(posted, monkeypatch)

        honours = name_chosen(posted.pk, document_number=FIRST, actor=approver)

        assert named(honours) == [second.nomination_id, reserve.nomination_id]
        assert not Honour.objects.filter(nomination=first.nomination_id).exists()

    def test_and_is_confirmed_again_takes_no_place_given_meanwhile(
        self, posted, approver, monkeypatch  # noqa: F811
    ):  # fmt: skip
        first, *_ = posted.entries.order_by("position")
        self.give_back(first, approver)
        when_over(posted, monkeypatch)
        name_chosen(posted.pk, document_number=FIRST, actor=approver)
        moved(Nomination.objects.filter(pk=first.nomination_id), Nomination.State.CHECKED)

        assert refused(name_chosen, posted.pk, document_number=LATER, actor=approver) == (
            "illegal-transition"
        )

    def test_nobody_is_named_where_all_were_given_back(
        self, posted, approver, monkeypatch  # noqa: F811
    ):  # fmt: skip
        for entry in posted.entries.all():
            self.give_back(entry, approver)
        when_over(posted, monkeypatch)

        assert refused(name_chosen, posted.pk, document_number=FIRST, actor=approver) == (
            "nobody-to-name"
        )

    def test_before_the_list_goes_up_keeps_it_from_going_up(
        self, selection, city, approver  # noqa: F811
    ):  # fmt: skip
        notice = draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city))
        self.give_back(notice.entries.first(), approver)

        code = refused(post_notice, notice.pk, starts_on=timezone.localdate(), actor=approver)

        assert code == "entry-not-confirmed"

    def test_nobody_is_given_back_after_having_been_named(
        self, posted, approver, monkeypatch  # noqa: F811
    ):  # fmt: skip
        when_over(posted, monkeypatch)
        honour, _ = name_chosen(posted.pk, document_number=FIRST, actor=approver)

        code = refused(
            return_nomination, honour.nomination_id, actor=approver, note="档案存疑，退回核实"
        )

        assert code == "nomination-named"
        assert Nomination.objects.get(pk=honour.nomination_id).state == Nomination.State.CHECKED
