"""What a list is drawn up by: marks that were looked at twice where they lie apart, and that then stay."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from intake import services as imports
from intake.models import ImportBatch
from organizations.models import User
from organizations.roles import Role
from talents.models import Nomination, Review, SelectionRound
from talents.rules.merit import in_order
from talents.services.drawing import draw_experts
from talents.services.reviewing import keep_marks, order_second_look, submit_marks
from talents.workflow.publicity import Slate, draft_notice, drop_notice, name_chosen, post_notice
from talents.workflow.reviews import release_draw
from tests.factories.organizations import account
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.workflow import moved
from tests.inputs import FIXTURES, take_in_beijing
from tests.refusals import refused
from tests.talents.test_publicity import FORCES, SLATE, city, selection, when_over  # noqa: F401
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
MARKS_GIVEN = tuple(f"mark_{force}" for force in FORCES)
MARKS = str(FIXTURES / "reviews-beijing-great-2026.xlsx")


def marked(nomination, expert, mark, **facts):
    return Review.objects.create(
        nomination=nomination, expert=expert, status="submitted", submitted_at=timezone.now(),
        **{f"mark_{force}": mark for force in FORCES}, **facts,
    )  # fmt: skip


class TestTheSecondLook:
    """The limit is 15 where the policy of the round says nothing else; equal to it is within it."""

    @pytest.fixture
    def first(self, selection):  # noqa: F811
        return selection.nominations.get(reviews__mark_leading=90)

    def test_no_list_is_drawn_up_while_it_was_not_ordered(self, selection, city, first):  # noqa: F811
        handler, expert = account(Role.HANDLER, city), ExpertFactory(organization=city)
        marked(first, expert, 74)

        with pytest.raises(DomainError) as refused:
            draft_notice(selection.pk, SLATE, actor=handler)

        assert refused.value.code == "second-look-due"
        assert "有1名人选的专家评分分差超过15分" in refused.value.message
        assert order_second_look(selection.pk, actor=handler, note="分差超限") == 1
        with pytest.raises(DomainError) as refused:
            draft_notice(selection.pk, SLATE, actor=handler)
        assert refused.value.code == "review-not-over"
        Review.objects.filter(look=2).update(
            status="submitted",
            submitted_at=timezone.now(),
            **{f"mark_{force}": 70 for force in FORCES},
        )
        assert draft_notice(selection.pk, SLATE, actor=handler).entries.count() == 3

    def test_a_spread_of_just_the_limit_asks_for_none(self, selection, city, first):  # noqa: F811
        marked(first, ExpertFactory(organization=city), 75)
        assert draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city)).pk

    def test_nor_does_one_of_somebody_who_cannot_go_up(self, selection, city, first):  # noqa: F811
        marked(first, ExpertFactory(organization=city), 40)
        moved(Nomination.objects.filter(pk=first.pk), Nomination.State.DRAFT)
        assert draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city)).pk

    def test_none_is_ordered_once_the_list_is_drawn_up(self, selection, city, first):  # noqa: F811
        handler = account(Role.HANDLER, city)
        notice = draft_notice(selection.pk, SLATE, actor=handler)
        marked(first, ExpertFactory(organization=city), 40)

        with pytest.raises(DomainError) as refused:
            order_second_look(selection.pk, actor=handler, note="分差超限")

        assert refused.value.code == "marks-decided-by"
        drop_notice(notice.pk, actor=handler, note="先复评")
        assert order_second_look(selection.pk, actor=handler, note="分差超限") == 1


class TestMarksOfAnOfflineReview:
    @pytest.fixture
    def drawn_up(self):
        take_in_beijing()
        call_command("load_calendar", verbosity=0)
        out = io.StringIO()
        call_command(
            "create_round", "BJ-2026", policy="beijing-craftsman-selection-2024",
            tier="beijing-great", year="2026", reference_day="2026-06-30", stdout=out,
        )  # fmt: skip
        table = str(FIXTURES / "nominations-beijing-great-2026.xlsx")
        call_command("import_nominations", table, round="BJ-2026", stdout=out)
        found = SelectionRound.objects.get(code="BJ-2026")
        judged(found)
        call_command("import_reviews", MARKS, round="BJ-2026", stdout=out)
        with_marks = Review.objects.filter(nomination__round=found).values("nomination")
        moved(Nomination.objects.filter(pk__in=with_marks), Nomination.State.CHECKED)
        slate = Slate(5, 2, "纪要", "网站", "电话")
        return draft_notice(found.pk, slate, actor=account(Role.HANDLER, found.organizer))

    def test_stay_once_the_list_is_drawn_up_and_go_once_it_is_given_up(self, drawn_up):
        batch, house = ImportBatch.objects.get(kind="talents.reviews"), User.objects.system()
        count = Review.objects.count()

        with pytest.raises(DomainError) as refused:
            imports.revert(batch.pk, actor=house, note="报送有误，重新整理")

        assert refused.value.code == "marks-decided-by"
        assert Review.objects.count() == count > 0
        with pytest.raises((DomainError, CommandError), match="已按现有评分上会或拟定名单"):
            call_command("import_reviews", MARKS, round="BJ-2026", stdout=io.StringIO())

        handler = account(Role.HANDLER, drawn_up.organization)
        drop_notice(drawn_up.pk, actor=handler, note="评分登记有误")
        imports.revert(batch.pk, actor=house, note="报送有误，重新整理")
        assert not Review.objects.exists()


class TestPapersOfExperts:
    """No expert is drawn, given a paper or heard once a list rests on the marks; given up, it goes on."""

    @pytest.fixture
    def drawn(self, selection, city):  # noqa: F811
        judged(selection)
        for _ in range(8):
            ExpertFactory(organization=city, user=account(Role.EXPERT, city))
        handler = account(Role.HANDLER, city)
        return lambda seed=7: draw_experts(selection.pk, seed, actor=handler)

    def test_are_not_drawn_nor_handed_out_under_a_list(self, selection, city, drawn, client):  # noqa: F811
        draw, handler, approver = drawn(), account(Role.HANDLER, city), account(Role.APPROVER, city)
        notice = draft_notice(selection.pk, SLATE, actor=handler)

        def page():
            return client.get(
                reverse("talents:review-desk", args=[selection.code])
            ).content.decode()

        assert refused(drawn, 8) == "marks-decided-by"
        assert refused(release_draw, draw.pk, actor=approver) == "marks-decided-by"
        client.force_login(approver)
        for offered in ("抽取专家</a>", "分发评审材料</a>"):
            assert offered not in page()
        drop_notice(notice.pk, actor=handler, note="先由专家评审")
        for offered in ("抽取专家</a>", "分发评审材料</a>"):
            assert offered in page()
        assert release_draw(draw.pk, actor=approver).released_by == approver

    @pytest.mark.parametrize("is_named", [False, True])
    def test_nor_under_one_that_is_up_or_has_named(
        self, selection, city, drawn, monkeypatch, is_named  # noqa: F811
    ):  # fmt: skip
        draw, approver = drawn(), account(Role.APPROVER, city)
        notice = draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city))
        notice = post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver)
        if is_named:
            when_over(notice, monkeypatch)
            name_chosen(notice.pk, document_number="京工发〔2026〕9号", actor=approver)
        order = [one.nomination for one in in_order(selection)]
        assert refused(drawn, 8) == "marks-decided-by"
        assert refused(release_draw, draw.pk, actor=approver) == "marks-decided-by"
        assert [one.nomination for one in in_order(selection)] == order

    def test_marks_of_somebody_out_of_the_running_are_kept_but_not_taken(
        self, selection, city, drawn  # noqa: F811
    ):  # fmt: skip
        release_draw(drawn().pk, actor=account(Role.APPROVER, city))
        first, *others = Review.objects.filter(status="assigned").select_related("expert__user")
        Review.objects.filter(pk__in=[one.pk for one in others]).update(
            status="submitted", submitted_at=timezone.now(), **dict.fromkeys(MARKS_GIVEN, 80)
        )
        moved(Nomination.objects.filter(pk=first.nomination_id), Nomination.State.DRAFT)
        draft_notice(
            selection.pk, Slate(1, 1, "纪要", "网站", "电话"), actor=account(Role.HANDLER, city)
        )
        facts = {"is_recused": False, "remark": "", **dict.fromkeys(MARKS_GIVEN, 100)}
        keep_marks(first.pk, facts, actor=first.expert.user)
        assert refused(submit_marks, first.pk, facts, actor=first.expert.user) == (
            "marks-decided-by"
        )
        first.refresh_from_db()
        assert (first.status, first.mark_leading) == ("assigned", 100)
