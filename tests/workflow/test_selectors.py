"""Records as lines of a history: in Chinese, whatever the columns are called."""

import pytest

from organizations.models import User
from tests.factories.organizations import OrganizationFactory
from workflow.records import Event, record_event
from workflow.selectors import entries_of

pytestmark = pytest.mark.django_db


def line(subject="talents.nomination:7", **words):
    actor = User.objects.system()
    event = Event("tests.confirm", "确认核验", "transition")
    record = record_event(event, subject, actor=actor, organization=OrganizationFactory(), **words)
    return entries_of([record], actor)[0]


@pytest.mark.parametrize(
    ("subject", "source", "target", "label"),
    [
        ("talents.nomination:7", "draft", "checked", "确认核验（草稿 → 已核验）"),
        ("talents.selectionround:1", "draft", "open", "确认核验（筹备中 → 申报中）"),
        ("intake.importbatch:3", "staged", "committed", "确认核验（待提交 → 已入库）"),
        ("tests.thing:1", "raw", "done", "确认核验（raw → done）"),
        ("talents.nomination:7", "", "checked", "确认核验"),
    ],
)
def test_states_are_told_by_their_labels(subject, source, target, label):
    assert line(subject, source=source, target=target).label == label


def test_fields_and_values_are_told_as_the_forms_tell_them():
    entry = line(
        before={"skill_level": "2", "rank": 1, "segments": "甲"},
        after={"skill_level": "1", "rank": 2, "segments": "乙", "is_open": True},
    )

    told = [(c.label, c.before, c.after) for c in entry.changes]
    assert told == [
        ("职业技能等级", "技师", "高级技师"),
        ("推荐排序", 1, 2),
        ("工作经历", "甲", "乙"),
        ("is_open", "", "是"),
    ]


@pytest.mark.parametrize(
    ("subject", "words"),
    [("talents.nomination:7", "推荐 7"), ("nobody.knows:1", "nobody.knows:1"), ("thing", "thing")],
)
def test_a_subject_is_told_by_what_it_is(subject, words):
    assert line(subject).subject == words


def test_a_number_typed_into_the_reason_does_not_stay_in_the_record():
    entry = line(note="核对 11010119900307123X 的原件")

    assert entry.note == "核对 110101******** 的原件"
