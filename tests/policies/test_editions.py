from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from organizations.models import User
from policies.library.editions import (
    edition_by_digest,
    edition_in_force,
    editions_applying,
    load_library,
    policy_by_digest,
)
from policies.library.problems import PolicyFileError
from policies.models import PolicyEdition
from tests.policies.conftest import POLICY
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_policies")]

SECOND = POLICY.replace("edition = 1", "edition = 2").replace("2024-01-01", "2025-01-01")


@pytest.fixture
def library(tmp_path):
    """A folder with one policy file, and a way to add more."""

    def write(text, name="sample.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    write(POLICY)
    return write


def load(folder):
    return load_library(folder, actor=User.objects.system())


def test_a_new_edition_is_stored_word_for_word_and_recorded(library):
    loaded = load(library(POLICY))

    (edition,) = loaded.new
    assert (edition.code, edition.edition, edition.text) == ("sample", 1, POLICY)
    record = Record.objects.get(subject=f"policies.policyedition:{edition.pk}")
    assert (record.kind, record.after["digest"]) == ("policy", edition.digest)


def test_the_same_file_again_changes_nothing(library):
    load(library(POLICY))

    again = load(library(POLICY))

    assert (again.new, len(again.unchanged)) == ([], 1)
    assert PolicyEdition.objects.count() == 1


def test_a_changed_file_with_the_same_number_is_refused_with_what_to_do(library):
    load(library(POLICY))

    with pytest.raises(PolicyFileError) as refused:
        load(library(POLICY.replace("60", "48")))

    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("sample.toml", 2)
    assert "sample-2.toml" in problem.message
    assert PolicyEdition.objects.get().text == POLICY


def test_a_changed_comment_is_a_change(library):
    load(library(POLICY))

    with pytest.raises(PolicyFileError):
        load(library(POLICY + "# 注\n"))


def test_one_bad_file_keeps_every_file_out(library):
    library(POLICY.replace("sample", "other").replace("at_least", "atleast"), "other.toml")

    with pytest.raises(PolicyFileError):
        load(library(POLICY))

    assert not PolicyEdition.objects.exists()


def test_an_edition_whose_file_is_gone_still_stands(library, tmp_path):
    folder = library(POLICY.replace("summary", "effective_until = 2025-01-01\nsummary"))
    load(folder)
    (tmp_path / "sample.toml").unlink()

    with pytest.raises(PolicyFileError, match="空档"):
        load(library(SECOND.replace("2025-01-01", "2025-02-01"), "sample-2.toml"))

    load(library(SECOND, "sample-2.toml"))
    assert PolicyEdition.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    ["UPDATE policies_policyedition SET title = 'x'", "DELETE FROM policies_policyedition"],
)
def test_the_database_refuses_to_change_or_remove_an_edition(library, change):
    load(library(POLICY))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    assert PolicyEdition.objects.get().title == "示例办法"


def test_a_pinned_policy_is_read_from_the_stored_words(library, tmp_path):
    (edition,) = load(library(POLICY)).new
    (tmp_path / "sample.toml").unlink()

    policy = policy_by_digest(edition.digest)

    assert edition_by_digest(edition.digest) == edition
    assert (policy.digest, policy.criteria_of("top")[0].at_least) == (edition.digest, 60)


@pytest.mark.parametrize(
    ("on", "number"),
    [(date(2024, 1, 1), 1), (date(2024, 12, 31), 1), (date(2025, 1, 1), 2)],
)
def test_the_edition_in_force_follows_the_day(library, on, number):
    library(SECOND, "sample-2.toml")
    load(library(POLICY))

    assert edition_in_force("sample", on).edition == number


def test_before_the_first_day_nothing_is_in_force(library):
    load(library(POLICY))

    with pytest.raises(DomainError) as refusal:
        edition_in_force("sample", date(2023, 12, 31))

    assert refusal.value.code == "policy-not-in-force"
    assert "自2024年1月1日起" in refusal.value.message


def test_after_its_last_day_an_edition_is_not_in_force(library):
    load(library(POLICY.replace("summary", "effective_until = 2025-01-01\nsummary")))

    assert list(editions_applying(date(2025, 1, 1))) == []
    assert len(editions_applying(date(2024, 12, 31))) == 1


@pytest.mark.parametrize(("status", "codes"), [("draft", [1]), ("repealed", [])])
def test_a_draft_changes_nothing_and_a_repeal_ends_all(library, status, codes):
    library(SECOND.replace('"trial"', f'"{status}"'), "sample-2.toml")
    load(library(POLICY))

    assert [e.edition for e in editions_applying(date(2025, 6, 1))] == codes


def test_an_unknown_policy_is_refused():
    with pytest.raises(DomainError) as refusal:
        edition_in_force("nothing", date(2025, 1, 1))

    assert refusal.value.code == "unknown-policy"


def test_the_command_loads_the_shipped_library(capsys):
    call_command("load_policies")
    call_command("load_policies")

    assert capsys.readouterr().out.splitlines()[-1] == "政策库：新载入 0 版，未变动 15 版"
    assert edition_in_force("beijing-craftsman-selection-2024", date(2026, 6, 30)).edition == 1


def test_the_command_names_file_and_line(library):
    folder = library(POLICY.replace("at_least", "atleast"))

    with pytest.raises(CommandError, match=r"sample.toml 第 \d+ 行"):
        call_command("load_policies", folder=folder)


def test_the_command_refuses_a_missing_folder(tmp_path):
    with pytest.raises(CommandError, match="找不到目录"):
        call_command("load_policies", folder=tmp_path / "nowhere")


def test_the_command_refuses_an_unknown_account():
    with pytest.raises(CommandError, match="没有名为 nobody 的可用账号"):
        call_command("load_policies", username="nobody")
