"""A draw of experts can be repeated: the same seed, the same file, whatever came in on paper since."""

import json
from itertools import chain

import pytest
from django.core.management import call_command
from django.utils import timezone

from organizations.roles import Role
from talents.models import Expert, Review
from talents.services.drawing import draw_experts
from talents.workflow.reviews import release_draw
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.factories.workflow import ImportBatchFactory
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
MARKS = {f"mark_{f}": 80 for f in ("leading", "practice", "innovation", "tackling", "passing")}


@pytest.fixture
def called():
    """A round with three candidates of one unit, judged, and six experts."""
    city = OrganizationFactory(kind="city")
    selection, unit = RoundFactory(organizer=city), with_child(city, "unit")
    rows = [eligible_nomination(round=selection, unit=unit) for _ in range(3)]
    judged(selection)
    for _ in range(6):
        ExpertFactory(organization=city)
    return selection, rows


def marked_on_paper(nomination, expert, *, is_recused=False):
    marks = {} if is_recused else MARKS
    return Review.objects.create(
        nomination=nomination, expert=expert, status="submitted", submitted_at=timezone.now(),
        is_recused=is_recused, batch=ImportBatchFactory(), **marks,
    )  # fmt: skip


def test_marks_on_paper_change_no_draw_and_their_papers_are_not_handed_out_again(called):
    selection, (first, *_) = called
    handler = account(Role.HANDLER, selection.organizer)
    drawn = draw_experts(selection.pk, 7, actor=handler)
    expert = Expert.objects.get(pk=drawn.drawn[str(first.pk)][0])
    paper = marked_on_paper(first, expert)

    again = draw_experts(selection.pk, 7, actor=handler)
    assert again == drawn, "whoever marked on paper was drawn all the same"

    release_draw(drawn.pk, actor=account(Role.APPROVER, selection.organizer))
    of_expert = Review.objects.filter(nomination=first, expert=expert)
    assert of_expert.get() == paper
    assert Review.objects.filter(nomination=first).count() == len(drawn.drawn[str(first.pk)])


def test_who_stood_back_on_paper_is_not_drawn_for_that_candidate(called):
    selection, (first, *_) = called
    handler = account(Role.HANDLER, selection.organizer)
    expert = ExpertFactory(organization=selection.organizer)
    marked_on_paper(first, expert, is_recused=True)

    draws = [draw_experts(selection.pk, seed, actor=handler) for seed in range(6)]

    assert all(expert.pk not in draw.drawn[str(first.pk)] for draw in draws)
    assert any(expert.pk in chain.from_iterable(draw.drawn.values()) for draw in draws)


@pytest.mark.parametrize("way", ["online", "paper"])
def test_who_stands_back_after_the_papers_went_out_changes_no_draw(called, way):
    selection, (first, *_) = called
    handler = account(Role.HANDLER, selection.organizer)
    drawn = draw_experts(selection.pk, 7, actor=handler)
    release_draw(drawn.pk, actor=account(Role.APPROVER, selection.organizer))
    handed_out = Review.objects.filter(nomination=first).first()
    if way == "online":
        Review.objects.filter(pk=handed_out.pk).update(is_recused=True)
    else:
        left = Expert.objects.exclude(pk__in=drawn.drawn[str(first.pk)])
        marked_on_paper(first, left.first(), is_recused=True)

    assert draw_experts(selection.pk, 7, actor=handler) == drawn


def test_where_one_who_was_drawn_stood_back_on_paper_the_papers_wait_for_another_draw(called):
    selection, (first, *_) = called
    handler, approver = (account(r, selection.organizer) for r in (Role.HANDLER, Role.APPROVER))
    drawn = draw_experts(selection.pk, 7, actor=handler)
    marked_on_paper(first, Expert.objects.get(pk=drawn.drawn[str(first.pk)][0]), is_recused=True)

    with pytest.raises(DomainError) as refusal:
        release_draw(drawn.pk, actor=approver)

    assert refusal.value.code == "drawn-stood-back"
    release_draw(draw_experts(selection.pk, 7, actor=handler).pk, actor=approver)
    asked = Review.objects.filter(nomination=first, is_recused=False)
    assert asked.count() == drawn.per_candidate


def test_the_command_writes_the_same_file_for_the_same_seed(called, tmp_path):
    selection, _ = called
    for nomination, row in zip(selection.nominations.order_by("-pk"), (2, 10, 1), strict=True):
        type(nomination).objects.filter(pk=nomination.pk).update(row_number=row)
    files = [tmp_path / "first.json", tmp_path / "again.json"]

    for file in files:
        call_command("draw_experts", round=selection.code, seed=7, json=str(file), verbosity=0)

    told = json.loads(files[0].read_text(encoding="utf-8"))
    assert [one["row"] for one in told["drawn"]] == [1, 2, 10]
    assert files[0].read_bytes() == files[1].read_bytes()
