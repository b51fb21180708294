"""Persons whom an import of another app brings, and takes away again when it is reverted."""

from __future__ import annotations

from typing import Any

from django.db import connection

from organizations.validity import VALIDITY
from talents.services.unreferenced import unused_sql

ADMIT = """
    insert into talents_person (name, name_pinyin, name_initials, identity_cipher, identity_digest,
      identity_mask, sex, birth_on, ethnicity, education, political_status, organization_id,
      origin_batch_id)
    select name, name_pinyin, name_initials, identity_cipher, identity_digest, identity_mask, sex,
      birth_on, '', '', '', organization_id, %(batch)s
    from (<rows>) arriving
    on conflict (identity_digest) do nothing
"""
#: Those among the rows of the session's table ``incoming`` whom nobody knows yet, each once, at the body
#: their employer's name means, among those below whoever handed the file in: nobody puts persons into
#: another's unit.
ARRIVING = """
    select distinct on (i.identity_digest) i.name, r.name_pinyin, r.name_initials, r.identity_cipher,
      i.identity_digest, r.identity_mask, r.identity_sex as sex, r.identity_birth_on as birth_on,
      coalesce(employer.id, %(organization)s) as organization_id
    from incoming i
    join intake_importrow r on r.batch_id = %(batch)s and r.line = i.line
    left join (
      select translate(name, '（） ', '()') as name_key, min(id) as id
      from organizations_organization
      where {in_force} and path like any(%(within)s)
      group by 1 having count(*) = 1
    ) employer on employer.name_key = translate(i.employer, '（） ', '()')
    where i.person_id is null
    order by i.identity_digest, i.line
""".format(in_force=VALIDITY.sql("%(today)s"))  # noqa: S608 - a condition of ours
DISMISS = """
    delete from talents_person p using (<leaving>) leaving
    where p.id = leaving.person_id and p.origin_batch_id = %(batch)s and <unused>
"""


def admit(rows: str, values: dict[str, Any]) -> int:
    """Register the persons that the SQL ``rows`` gives, in its order; how many were new.

    Columns: name, name_pinyin, name_initials, identity_cipher, identity_digest, identity_mask, sex,
    birth_on, organization_id. ``rows`` comes in order of the digest, so that two imports that
    bring the same persons wait for each other instead of locking each other out.
    """
    with connection.cursor() as cursor:
        cursor.execute(ADMIT.replace("<rows>", rows), values)
        return cursor.rowcount


def dismiss(leaving: str, values: dict[str, Any]) -> int:
    """Delete those persons (SQL giving ``person_id``) that the batch brought and nothing refers to."""
    statement = DISMISS.replace("<leaving>", leaving).replace("<unused>", unused_sql("p"))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
