"""A list of entrants that comes while the results are locked; with a control, without what guards it."""

import pytest
from django.db.models import QuerySet

from competitions import workflow
from competitions.models import Entry, Item
from competitions.services.terms import first_terms
from intake.services import commit
from tests.academies.overlapping import overlapping
from tests.competitions.filing import handed_in
from tests.competitions.sheets import book, identity
from tests.factories.competitions import EntryFactory, marked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handed(client, item, hands, settings, tmp_path):
    """An item with one whose marks are complete, and the list of a unit that is not filed yet."""
    settings.MEDIA_ROOT = tmp_path / "media"
    terms = first_terms(item.competition, actor=hands["handler"])
    entry = EntryFactory(item=item, number="001", terms=terms, signed_on=item.competition.starts_on)
    marked(entry, 40, 3, 3, 3)
    client.force_login(hands["nominator"])
    rows = [["张三", identity(1), hands["unit"].name, "高级工", "2020-05-09", "是"]]
    head = [
        "姓名",
        "身份证号",
        "工作单位",
        "现职业技能等级",
        "在本市学习或工作起始日期",
        "是否签署参赛承诺",
    ]
    return handed_in(client, book(rows, columns=[], head=head), "entrants", item.code)


def filing_while_locking(item, hands, batch):
    return overlapping(
        lambda: workflow.check_marks(item.pk, actor=hands["handler"]).state,
        lambda: commit(batch.pk, actor=hands["nominator"]).status,
    )


def test_a_list_that_comes_while_the_first_locks_enters_nobody(item, hands, handed):
    locked, late = filing_while_locking(item, hands, handed)

    assert (locked, late) == ("checked", "import-changed-since-preview")
    assert Entry.objects.count() == 1


def test_control_without_the_lock_somebody_is_entered_behind_it(item, hands, handed, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    locked, late = filing_while_locking(item, hands, handed)

    assert (locked, late) == ("checked", "committed")
    assert (Item.objects.get().state, Entry.objects.count()) == ("checked", 2)
