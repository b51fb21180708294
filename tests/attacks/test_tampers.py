"""A thousand random tampers by the owner of the tables, and of the folders: `verify` finds each.

What guards the tables is switched off first. The control: without anchors a cut tail, and a chain
rewritten to its end, are not found.
"""

import json
import random
import shutil
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from policies.library.editions import policy_by_digest
from tests import database
from tests.attacks import city
from tests.factories.workflow import record
from workflow.records import anchors, canonical, chains, states, verification
from workflow.storage import attachments, vault

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.attack]

#: All of them by ``make attack``; enough to notice a check that is gone by ``make test``.
ROUNDS, SOME_ROUNDS = 1_000, 100
SEED = 20261127

#: Columns of one row that are altered, and how; the row is any of those that ``where`` lets through.
COLUMNS = {
    "workflow_record": (
        ("note", "note || 'x'"), ("action", "action || 'x'"), ("actor_id", "actor_id + 1"),
        ("at", "at - interval '1 second'"), ("subject", "subject || '1'"), ("kind", "'export'"),
        ("code", "code || 'x'"), ("organization_id", "coalesce(organization_id, 0) + 1"),
        ("source", "source || 'x'"), ("target", "target || 'x'"), ("chain", "chain || 'x'"),
        ("after", "after || '{\"x\": 1}'"), ("before", "before || '{\"x\": 1}'"),
        ("hash", "sha256(hash)"), ("previous_hash", "sha256(previous_hash)"),
        ("sequence", "sequence + 1000"),
        ("action", "action || left(note || 'x', 1), note = substr(note, 2)"),
    ),
    "workflow_chainhead": (("hash", "sha256(hash)"), ("sequence", "sequence + 1")),
    "workflow_attachment": (("size", "size + 1"), ("sha256", "repeat('a', 64)")),
    "policies_policyedition": (
        ("text", "text || ' '"), ("digest", "encode(sha256(digest::bytea), 'hex')"),
        ("title", "title || 'x'"), ("effective_from", "effective_from + 1"), ("status", "'repealed'"),
        ("summary", "summary || 'x'"), ("issuer", "issuer || 'x'"),
    ),
    "policies_editiondefault": (("title", "title || 'x'"), ("digest", "repeat('e', 64)")),
    "policies_defaultconfirmation": (
        ("document_number", "document_number || 'x'"), ("decided_on", "decided_on + 1"),
        ("note", "note || 'x'"), ("confirmed_by_id", "confirmed_by_id + 1"),
        ("digest", "repeat('f', 64)"), ("default_id", "default_id + 1"),
    ),
    "talents_selectionround": (("state", "case state when 'open' then 'closed' else 'open' end"),),
    "talents_nomination": (("state", "case state when 'draft' then 'checked' else 'draft' end"),),
    "talents_assessment": (
        ("overall", "(overall + 1) % 3"), ("met", "met # 1"), ("known", "known # 1"),
        ("version", "version + 1"), ("observed", "observed || 7"),
        ("nomination_id", "nomination_id + 100000"), ("run_id", "run_id + 1000"),
    ),
    "talents_assessmentrun": (
        ("eligible_count", "eligible_count + 1"), ("missing_count", "missing_count + 1"),
        ("edition_digest", "repeat('b', 64)"), ("patterns", "patterns || '[[0, 0, 0, 1]]'"),
    ),
    "reports_targetreport": (
        ("year", "year - 1"), ("place_name", "place_name || 'x'"), ("signed_as", "signed_as || 'x'"),
        ("sha256", "repeat('c', 64)"), ("organization_id", "organization_id + 1"),
        ("data_as_of", "data_as_of - interval '1 second'"), ("sealed_by_id", "sealed_by_id + 1"),
        ("reason", "reason || 'x'"), ("figure_count", "figure_count + 1"),
    ),
    "reports_figure": (
        ("actual", "coalesce(actual, 0) + 1"), ("planned", "coalesce(planned, 0) + 1"),
        ("note", "note || 'x'"), ("standard", "standard || 'x'"), ("title", "title || 'x'"),
        ("organization_id", "organization_id + 1"), ("academy_id", "coalesce(academy_id, 0) + 1"),
        ("is_total", "not is_total"), ("tolerance", "tolerance + 1"), ("period", "period || 'x'"),
        ("title", "title || left(unit || 'x', 1), unit = substr(unit, 2)"),
        ("report_id", "report_id + 1"), ("measure", "measure || 'x'"),
        ("standing", "'met', met = true, actual = 99"),
    ),
    "reports_figurerows": (
        ("params", "params || '{\"year\": 1999}'"), ("query", "query || 'x'"), ("part", "part || 'x'"),
        ("digest", "repeat('d', 64)"),
        ("said", ("array_append(said, 'x'), ids = ids || 1::bigint, subjects = subjects || 1::bigint,"
                 " row_count = row_count + 1")),
        ("figure_id", "figure_id + 1000"),
    ),
}  # fmt: skip
COLUMNS |= {
    "subsidies_entry": (
        ("amount", "amount + 0.01"), ("giver_id", "taker_id, taker_id = giver_id"), ("key", "key || 'x'"),
        ("kind", "'return'"), ("note", "note || 'x'"), ("booked_on", "booked_on - 1"),
        ("made_by_id", "made_by_id + 1"), ("approved_by_id", "coalesce(approved_by_id, 0) + 1"),
        ("evidence", "md5(evidence)"), ("at", "at - interval '1 second'"), ("hash", "sha256(hash)"),
        ("sequence", "sequence + 1000"), ("chain", "chain || 'x'"), ("academy_id", "coalesce(academy_id, 0) + 1"),
    ),
    "subsidies_posting": (
        ("amount", "-amount"), ("balance", "balance + 1"), ("at", "at - interval '1 day'"),
        ("account_id", "account_id + 1000"),
    ),
    "subsidies_account": (("balance", "balance + 0.01"), ("kind", "'paid'")),
    "subsidies_expense": (
        ("amount", "amount + 0.01"), ("payee", "payee || 'x'"), ("invoice_number", "invoice_number || '1'"),
        ("voucher", "voucher || 'x'"), ("use", "use || 'x'"), ("spent_on", "spent_on + 1"),
        ("summary", "summary || 'x'"), ("academy_id", "academy_id + 1"), ("fund_id", "fund_id + 1000"),
        ("red_id", "case when red_id is null then entry_id end"),
    ),
    "subsidies_payment": (("amount", "amount + 1"),),
    "subsidies_transfer": (
        ("amount", "amount + 1"), ("entry_id", "entry_id + 1000"), ("payee", "payee || 'x'"),
        ("bank", "bank || 'x'"), ("position", "position + 1000"),
        ("account_cipher", "set_byte(account_cipher, 20, get_byte(account_cipher, 20) # 1)"),
    ),
    "subsidies_payout": (("digest", "repeat('a', 64)"),),
    "subsidies_claim": (
        ("gross", "gross + 1, net = net + 1"), ("net", "net - 1, tax = tax + 1"),
        ("reserve_id", "reserve_id + 1000"), ("state", "'refused'"),
    ),
}  # fmt: skip
#: Only rows that something vouches for; the others can still be changed by anybody who may.
VOUCHED = {
    "subsidies_account": "moved_at is not null",
    "subsidies_payment": "entry_id is not null",
    "subsidies_transfer": "entry_id is not null",
    "subsidies_payout": "digest <> ''",
    "subsidies_claim": "state = 'paid'",
    "talents_assessment": "run_id = (select id from talents_assessmentrun where status = 'done')",
    "talents_assessmentrun": "status = 'done'",
    "reports_targetreport": "state = 'sealed'",
    "reports_figure": "report_id = (select id from reports_targetreport where state = 'sealed')",
    "reports_figurerows": (
        "figure_id in (select f.id from reports_figure f join reports_targetreport r"
        " on r.id = f.report_id where r.state = 'sealed')"
    ),
}
#: Tables whose rows cannot go, or come, unseen.
NOT_TO_GO = sorted(
    set(COLUMNS) - {"workflow_attachment", "talents_selectionround", "talents_nomination"}
)
REHASH = f"""
    update workflow_record r set previous_hash = coalesce((select p.hash from workflow_record p
      where p.chain = r.chain and p.sequence = r.sequence - 1), ''::bytea) where r.id = {{0}};
    update workflow_record r set hash = sha256(convert_to({canonical.record_sql("r")}, 'UTF8'))
      where r.id = {{0}};
"""
HEADS = """
    delete from workflow_chainhead where chain not like 'ledger:%';
    insert into workflow_chainhead (chain, sequence, hash) select distinct on (chain)
      chain, sequence, hash from workflow_record order by chain, sequence desc
"""


class Tamperer:
    """Alters one thing at a time, and says what; ``undone`` puts it back."""

    def __init__(self, database, draw, place):
        self.database, self.draw = database, draw
        self.anchors, self.media = Path(settings.ANCHOR_ROOT), Path(settings.MEDIA_ROOT)
        self.spare = place

    def _row(self, table):
        rows = self.database.execute(
            f"select ctid::text from {table} where {VOUCHED.get(table, 'true')}"
        ).fetchall()
        return self.draw.choice(rows)[0]

    def column(self):
        """A value altered; what constraints refuse even to the administrator is drawn anew,

        and so is what leaves the row as it was: a kind of account set to the kind it has.
        """
        while True:
            table = self.draw.choice(sorted(COLUMNS))
            column, value = self.draw.choice(COLUMNS[table])
            row = f"from {table} t where ctid = '{self._row(table)}'"
            before = self.database.execute(f"select t::text {row}").fetchone()
            statement = f"update {table} t set {column} = {value} {row.partition(' t ')[2]} returning t::text"
            with suppress(psycopg.IntegrityError), self.database.transaction():
                if self.database.execute(statement).fetchone() != before:
                    return f"{table}.{column}"

    def row_gone(self):
        table = self.draw.choice(NOT_TO_GO)
        self.database.execute(f"delete from {table} where ctid = '{self._row(table)}'")
        return f"{table} row gone"

    def rows_swapped(self):
        chain, last = self._chain()
        first = self.draw.randrange(1, last)
        for old, new in ((first, -1), (first + 1, first), (-1, first + 1)):
            self.database.execute(
                "update workflow_record set sequence = %s where chain = %s and sequence = %s", [new, chain, old]
            )  # fmt: skip
        return "records swapped"

    def record_put_in(self):
        chain, last = self._chain()
        self.database.execute(
            "insert into workflow_record (chain, kind, subject, code, action, source, target, before, after,"
            " note, actor_id, at, sequence, previous_hash, hash) select chain, kind, subject, code, action,"
            " source, target, before, after, 'x', actor_id, at, %s, previous_hash, hash"
            " from workflow_record where chain = %s and sequence = %s",
            [last + 1, chain, self.draw.randrange(1, last + 1)],
        )
        return "record put in"

    def _chain(self):
        found = self.database.execute(
            "select chain, max(sequence) from workflow_record group by chain having max(sequence) > 1"
        ).fetchall()
        return self.draw.choice(sorted(found))

    def tail_cut(self):
        """Links taken off the end, and the head set back with them."""
        chain, last = self._chain()
        self.database.execute(
            "delete from workflow_record where chain = %s and sequence > %s",
            [chain, self.draw.randrange(last)],
        )
        self.database.execute(HEADS)
        return "tail cut"

    def rewritten(self):
        """A link altered, and everything from it on given the hashes that belong to it."""
        chain, last = self._chain()
        first = self.draw.randrange(1, last + 1)
        self.database.execute(
            "update workflow_record set note = note || 'x' where chain = %s and sequence = %s", [chain, first]
        )  # fmt: skip
        for (pk,) in self.database.execute(
            "select id from workflow_record where chain = %s and sequence >= %s order by sequence",
            [chain, first],
        ).fetchall():
            self.database.execute(REHASH.format(pk))
        self.database.execute(HEADS)
        return "rewritten"

    def anchor(self):
        file = self.draw.choice(sorted(self.anchors.glob("*.jsonl")))
        lines = file.read_text().splitlines()
        place = self.draw.randrange(len(lines))
        kind = self.draw.choice(["gone", "edited", "cut", "twice", "all", "tail"])
        if kind == "gone":
            del lines[place]
        elif kind == "edited":
            batch = json.loads(lines[place])
            batch["heads"][0][2] = "0" * 64
            lines[place] = json.dumps(batch)
        elif kind == "cut":
            lines[place] = lines[place][: self.draw.randrange(1, 60)]
        elif kind == "twice":
            lines.insert(place, lines[place])
        else:
            del lines[0 if kind == "all" else place :]
        file.write_text("".join(f"{line}\n" for line in lines))
        return f"anchor {kind}"

    def file(self):
        path = self.draw.choice(sorted(p for p in self.media.rglob("*") if p.is_file()))
        kind = self.draw.choice(["gone", "flipped", "cut", "another"])
        content = bytearray(path.read_bytes())
        if kind == "gone":
            path.unlink()
        elif kind == "another":
            path.write_bytes(vault.encrypt(b"another"))
        else:
            place = self.draw.randrange(len(content))
            content[place] ^= 1 + self.draw.randrange(255)
            path.write_bytes(content[:place] if kind == "cut" else content)
        return f"file {kind}"

    @contextmanager
    def undone(self):
        """Whatever is done inside is not kept: rows by rolling back, files from a copy."""
        folders = {self.anchors: self.spare / "anchors", self.media: self.spare / "media"}
        for folder, copy in folders.items():
            shutil.copytree(folder, copy, dirs_exist_ok=True)
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            for folder, copy in folders.items():
                shutil.rmtree(folder)
                copy.rename(folder)


@pytest.fixture
def as_administrator(settings, tmp_path, monkeypatch):
    """The product itself connected as one who may do anything, its guards switched off."""
    settings.MEDIA_ROOT, settings.ANCHOR_ROOT = tmp_path / "media", tmp_path / "anchors"
    monkeypatch.setattr(anchors, "LATEST", timedelta(0))
    place = city.build().city
    for _ in range(3):
        record(place)
        anchors.write()
    connection.close()
    ours = connection.settings_dict
    before, ours["USER"] = ours["USER"], database.ADMIN
    with ExitStack() as stack:
        stack.callback(ours.update, USER=before)
        stack.callback(connection.close)
        policy_by_digest.cache_clear()
        yield tmp_path / "spare"


def found():
    """What `verify` says, as far as it matters whether there is anything."""
    for breaks in (chains.breaks, anchors.breaks, states.breaks, attachments.breaks):
        yield from breaks()
    for check in verification.checks():
        yield from check.breaks()


def test_a_thousand_tampers_are_all_found(as_administrator, pytestconfig):
    draw = random.Random(SEED)
    rounds = ROUNDS if pytestconfig.option.markexpr == "attack" else SOME_ROUNDS
    assert list(found()) == []
    missed, kinds = [], Counter()

    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        for number in range(rounds):
            tamperer = Tamperer(connection.connection, draw, as_administrator)
            kind = draw.choices(
                [tamperer.column, tamperer.row_gone, tamperer.rows_swapped, tamperer.record_put_in,
                 tamperer.tail_cut, tamperer.rewritten, tamperer.anchor, tamperer.file],
                [45, 10, 5, 5, 10, 10, 10, 5],
            )[0]  # fmt: skip
            with tamperer.undone():
                what = kind()
                kinds[kind.__name__] += 1
                if next(found(), None) is None:
                    missed.append(f"{number}: {what}")

    assert not missed, "\n".join(missed)
    assert sum(kinds.values()) == rounds
    assert len(kinds) == 8
    assert list(found()) == []


@pytest.mark.parametrize("kind", ["tail_cut", "rewritten"])
def test_without_anchors_a_cut_or_rewritten_chain_is_not_found(as_administrator, kind):
    draw = random.Random(SEED)
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        tamperer = Tamperer(connection.connection, draw, as_administrator)
        for _ in range(30):
            with tamperer.undone():
                getattr(tamperer, kind)()
                assert list(chains.breaks()) == []
                assert next(anchors.breaks(), None) is not None
