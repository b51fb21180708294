"""Account numbers filed before they could be compared: digested by whoever owns the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from subsidies.models import Claim, PayeeAccount
from subsidies.services.claims import digest_of_account
from workflow.storage import vault

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One committed batch: how many were digested, and which no key of ours opens."""

    digested: int
    unreadable: list[str]


def digest_old_accounts() -> Iterator[Step]:
    """Digest what has none yet, batch by batch.

    Each batch is one UPDATE that commits by itself: killed in between, what was done stays, and the
    next run goes on with the rest. What somebody filed anew meanwhile is left as it is.
    """
    for model in (PayeeAccount, Claim):
        last = 0
        while found := list(
            model.not_compared()
            .filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", "account_cipher")[:BATCH]
        ):
            last = found[-1][0]
            digests, unreadable = {}, []
            for pk, cipher in found:
                try:
                    digests[pk] = digest_of_account(vault.decrypt(cipher).decode())
                except vault.VaultError:
                    unreadable.append(f"{model._meta.verbose_name}{pk}")
            yield Step(_keep(model, digests), unreadable)


def _keep(model: type[PayeeAccount | Claim], digests: dict[int, bytes]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {model._meta.db_table} t set account_digest = d.digest"  # noqa: S608 - our own table
            " from unnest(%s::bigint[], %s::bytea[]) d(id, digest)"
            " where t.id = d.id and t.account_digest is null",
            [list(digests), list(digests.values())],
        )
        return int(cursor.rowcount)
