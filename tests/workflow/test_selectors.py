"""Records as lines of a history: in Chinese, whatever the columns are called."""

import pytest

from organizations.models import User
from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.talents import NominationFactory
from workflow.records import Event, record_event
from workflow.selectors import entries_of

pytestmark = pytest.mark.django_db


def line(subject="talents.nomination:7", **words):
    actor = User.objects.system()
    event = Event("tests.confirm", "确认推荐", "transition")
    record = record_event(event, subject, actor=actor, organization=OrganizationFactory(), **words)
    return entries_of([record], actor)[0]


@pytest.mark.parametrize(
    ("subject", "source", "target", "label"),
    [
        ("talents.nomination:7", "draft", "checked", "确认推荐（草稿 → 已确认）"),
        ("talents.selectionround:1", "draft", "open", "确认推荐（筹备中 → 申报中）"),
        ("intake.importbatch:3", "staged", "committed", "确认推荐（待提交 → 已入库）"),
        ("tests.thing:1", "raw", "done", "确认推荐（raw → done）"),
        ("talents.nomination:7", "", "checked", "确认推荐"),
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
    [
        ("talents.nomination:7", "推荐 7"),
        ("nobody.knows:1", "事项 1"),
        ("thing", "事项 thing"),
        ("competitions.item:2026-CNC", "竞赛项目 2026-CNC"),
        ("competitions.item:2026-CNC?create=first", "竞赛项目 2026-CNC"),
    ],
)
def test_a_subject_is_told_by_what_it_is(subject, words):
    assert line(subject).subject == words


def test_a_number_typed_into_the_reason_does_not_stay_in_the_record():
    entry = line(note="核对 11010119900307123X 的原件")

    assert entry.note == "核对 110101******** 的原件"


def test_a_subject_is_called_by_name_where_the_reader_sees_it(django_assert_max_num_queries):
    nominations = [NominationFactory(person__name=name) for name in ("赵兰梅", "钱兰竹")]
    city = nominations[0].round.organizer
    reader = account(Role.HANDLER, city)
    subjects = [
        *(f"talents.nomination:{n.pk}" for n in nominations),
        f"talents.person:{nominations[0].person_id}",
        f"talents.selectionround:{nominations[0].round_id}",
        f"talents.quotaallocation:round-{nominations[0].round_id}",
        "talents.nomination:999999",
    ]
    records = [
        record_event(Event("tests.seen", "查看"), subject, actor=reader, organization=city)
        for subject in subjects
    ]

    edition = nominations[0].round.edition
    subject = f"policies.policyedition:{edition.pk}"
    records += [record_event(Event("tests.seen", "查看"), subject, actor=reader)]

    with django_assert_max_num_queries(5):  # the reader's roles, one for each model
        told = [entry.subject for entry in entries_of(records, reader)]

    selection = nominations[0].round
    assert told == [
        "赵兰梅的推荐",
        f"推荐 {nominations[1].pk}",  # of another city
        "赵兰梅的人员档案",
        f"选树轮次“{selection.name}”",
        f"选树轮次“{selection.name}”的名额分配",
        "推荐 999999",
        f"政策版本“{edition}”",
    ]
