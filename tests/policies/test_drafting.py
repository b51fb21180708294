"""The text of a next edition: the shipped files with figures changed are files of the same kind."""

import tomllib
from datetime import date
from decimal import Decimal

import pytest

from policies.library import parse, read_library
from policies.library.drafting import dumped, mark_of, revised, settings_of, written_items
from policies.library.editions import file_name
from policies.library.problems import PolicyFileError
from tests.policies.conftest import POLICY

FILES = read_library()
DOCUMENT = {"publisher": "示例工会", "title": "通知", "published": "2026-06-01"}


def head(**facts):
    return {
        "title": "示例办法", "status": "trial", "document_number": "示例〔2026〕9号",
        "issued_on": date(2026, 6, 1), "effective_from": date(2027, 1, 1),
        "effective_until": None, "summary": "示例", "note": "施行日期以文件为准", **facts,
    }  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.policy.code)
def test_what_is_written_is_read_again_as_it_was(file):
    data = tomllib.loads(file.text, parse_float=Decimal)

    assert tomllib.loads(dumped(data), parse_float=Decimal) == data


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.policy.code)
def test_every_shipped_edition_has_a_next_one_that_says_the_same(file):
    policy = file.policy
    text = revised(file.text, head(title=policy.title), DOCUMENT, {})

    next_one = policy.edition + 1
    later = parse(text, name=file_name(policy.code, next_one))

    assert (later.edition, later.effective_from) == (next_one, date(2027, 1, 1))
    assert later.articles() == policy.articles()
    assert "effective_from" not in later.default_fields


def test_a_changed_item_cites_its_document_and_an_uncited_source_goes():
    change = {"at_least": Decimal(48), "title": "一线四年", "quote": "有4年以上一线工作经历"}

    text = revised(POLICY, head(), DOCUMENT, {("criteria", "months"): change})

    later = parse(text, name="sample-2.toml")
    (criterion,) = later.criteria
    assert (criterion.at_least, criterion.quote) == (48, "有4年以上一线工作经历")
    assert criterion.source == (mark_of(2),)
    assert later.source(mark_of(2)).publisher == "示例工会"
    only = revised(
        POLICY,
        head(),
        DOCUMENT,
        {("criteria", "months"): change, ("tiers", "top"): {"title": "最高层级", "quote": "原文"}},
    )
    assert [s.mark for s in parse(only, name="sample-2.toml").sources] == [mark_of(2)]


def test_an_edition_that_begins_before_the_one_before_has_ended_supersedes_it():
    ended = POLICY.replace("summary", "effective_until = 2028-01-01\nsummary")

    assert parse(revised(ended, head(), DOCUMENT, {}), name="sample-2.toml").supersedes
    assert not parse(revised(POLICY, head(), DOCUMENT, {}), name="sample-2.toml").supersedes


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.policy.code)
def test_every_parameter_and_threshold_of_the_library_can_be_set(file):
    written = written_items(file.text)
    for section in ("parameters", "criteria", "standards", "targets", "amounts"):
        for item in getattr(file.policy, section):
            settings = list(settings_of(item, written[section, item.code]))
            figures = {"number", "numbers", "enabled", "at_least", "at_most", "equals", "yuan"}
            has_figure = figures & written[section, item.code].keys()

            assert not has_figure or has_figure <= {s.name for s in settings}


def test_a_threshold_finer_than_its_fact_is_counted_is_refused():
    with pytest.raises(PolicyFileError, match="计到小数点后0位"):
        parse(
            POLICY.replace("at_least = 60", "at_least = 60.5"),
            name="sample.toml",
            known=frozenset({"frontline_months"}),
        )
