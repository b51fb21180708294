"""Anchors outside the database: signed, numbered, and missed where they are not."""

import hashlib
import json
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.management import call_command

from tests.factories.organizations import OrganizationFactory
from tests.factories.workflow import record
from workflow.records import anchors

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.attack,
    pytest.mark.usefixtures("no_policies"),
]


@pytest.fixture(autouse=True)
def _place(settings, tmp_path):
    settings.ANCHOR_ROOT = tmp_path / "anchors"


@pytest.fixture
def file():
    """Three batches: after one, two and three records."""
    city = OrganizationFactory(kind="national")
    for _ in range(3):
        record(city)
        anchors.write()
    return next(anchors.folder().glob("*.jsonl"))


def problems():
    return [broken.problem for broken in anchors.breaks()]


def rewrite(file, change):
    lines = file.read_text().splitlines()
    change(lines)
    file.write_text("".join(f"{line}\n" for line in lines))


def forged(line, **facts):
    return json.dumps(json.loads(line) | facts, ensure_ascii=False)


def test_batches_as_they_were_written_hold(file):
    assert problems() == []
    assert [json.loads(line)["number"] for line in file.read_text().splitlines()] == [1, 2, 3]


@pytest.mark.parametrize("torn", ["", "{half"], ids=("whole", "the last line cut"))
def test_a_batch_is_appended_after_a_look_at_the_end_only(file, monkeypatch, torn):
    before = file.with_name("2020-01.jsonl")
    before.write_bytes(file.read_bytes())
    file.write_text(file.read_text() + torn)
    looked_at, read = [], anchors._read
    monkeypatch.setattr(anchors, "_read", lambda line: looked_at.append(line) or read(line))

    anchors.write()

    *_, batch = map(json.loads, (n for n in file.read_text().splitlines() if n != torn))
    last = file.read_bytes().splitlines()[-2]
    assert (batch["number"], batch["previous"]) == (4, hashlib.sha256(last).hexdigest())
    assert len(looked_at) == (2 if torn else 1)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda lines: lines.pop(1), "锚点不连续，其前应有第 2 批"),
        (lambda lines: lines.pop(0), "锚点不连续，其前应有第 1 批"),
        (lambda lines: lines.reverse(), "锚点不连续，其前应有第 1 批"),
        (lambda lines: lines.insert(1, lines[0]), "锚点不连续，其前应有第 2 批"),
        (lambda lines: lines.__setitem__(1, forged(lines[1], heads=[])), "锚点的签名不符"),
        (lambda lines: lines.__setitem__(1, forged(lines[1], at="2020")), "锚点的签名不符"),
        (lambda lines: lines.__setitem__(1, forged(lines[1], key=9)), "由未知的密钥签名"),
        (lambda lines: lines.__setitem__(1, forged(lines[1], signature="00")), "签名不符"),
        (lambda lines: lines.__setitem__(1, forged(lines[1], signature=None)), "签名不符"),
        (lambda lines: lines.__setitem__(1, forged(lines[1], heads=[["x"]])), "残缺"),
        (lambda lines: lines.__setitem__(1, "[]"), "残缺"),
    ],
    ids=("one gone", "the first gone", "turned round", "twice", "no heads", "another time",
         "another key", "no signature", "empty signature", "half a head", "no batch"),
)  # fmt: skip
def test_a_batch_that_is_gone_or_altered_is_an_alarm(file, change, problem):
    rewrite(file, change)

    assert any(problem in found for found in problems())


def test_a_batch_signed_again_with_another_key_is_an_alarm(file, settings):
    batch = json.loads(file.read_text().splitlines()[1])
    settings.ANCHOR_KEYS = {1: b"somebody-else's-key".ljust(32)}
    anchors._keys.cache_clear()
    signature = anchors._keys()[1].sign(anchors._signed(batch)).hex()
    settings.ANCHOR_KEYS = {1: b"test-anchor-key".ljust(32)}
    anchors._keys.cache_clear()
    rewrite(file, lambda lines: lines.__setitem__(1, forged(lines[1], signature=signature)))

    assert any("签名不符" in found for found in problems())


@pytest.mark.parametrize("left", [0, 1, 2])
def test_that_the_last_batches_are_gone_shows_by_the_records_they_were_about(
    file, monkeypatch, left
):
    monkeypatch.setattr(anchors, "LATEST", timedelta(0))
    rewrite(file, lambda lines: lines.__delitem__(slice(left, None)))

    (problem,) = problems()
    assert problem.startswith("早已写入而没有外部锚点：锚点被删去，或锚定停过")


def test_a_record_of_the_last_two_hours_may_wait_for_its_anchor(file):
    file.unlink()

    assert problems() == []


def test_keys_are_changed_without_losing_what_the_old_one_signed(file, settings):
    settings.ANCHOR_KEYS = {2: b"the-new-key".ljust(32), **settings.ANCHOR_KEYS}
    anchors._keys.cache_clear()
    try:
        anchors.write()
        assert problems() == []
        assert json.loads(file.read_text().splitlines()[-1])["key"] == 2
    finally:
        settings.ANCHOR_KEYS = {1: b"test-anchor-key".ljust(32)}
        anchors._keys.cache_clear()


def test_an_outsider_checks_a_batch_with_the_public_key_alone(file):
    out = StringIO()
    call_command("anchor", public_keys=True, stdout=out)
    pem = out.getvalue().partition("号公钥：\n")[2]
    batch = json.loads(file.read_text().splitlines()[1])
    heads = [part for head in batch["heads"] for part in head]
    facts = ("jiangjie-anchor-1", batch["number"], batch["at"], batch["previous"], batch["key"])
    text = "".join(f"{len(str(part).encode())}:{part}," for part in (*facts, *heads)).encode()
    key = load_pem_public_key(pem.encode())

    key.verify(bytes.fromhex(batch["signature"]), text)
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(batch["signature"]), text + b"0:,")
