"""Who is too near to a candidate to judge them: one set of conditions, for draws and for panels.

A query that asks has two tables at hand, which it makes itself, and those that follow from them
(``NEARNESS``). Its ``e`` is of the first, ``c`` of the second: ``expert (id, user_id, unit_id, path, kind,
name, owner_digest, person_id)`` and ``candidate (id, person_id, path, name, identity_digest)``.
"""

from __future__ import annotations

import re


def _keyed(sql: str) -> str:
    """``sql`` with @column standing for how names of bodies are compared: without remarks and blanks."""
    key = r"lower(regexp_replace(\1, '[（(][^（()）]*[)）]|[[:space:]]', '', 'g'))"
    return re.sub(r"@(\w+\.\w+)", key, sql)


#: Where who judges belongs: by the pool, by the person's own file, by the offices of the account, but for
#: that of an expert or judge; which of the candidates' units that is.
_BODIES = """body as (
  select e.id as expert, e.path, e.kind, e.name from expert e where e.unit_id is not null
  union select e.id, o.path, o.kind, o.name from expert e
    join talents_person p on p.id = e.person_id join organizations_organization o on o.id = p.organization_id
  union select e.id, o.path, o.kind, o.name from expert e
    join organizations_membership m on m.user_id = e.user_id and m.role not in ('expert', 'judge')
    join organizations_organization o on o.id = m.organization_id
    where m.valid_from <= (now() at time zone 'Asia/Shanghai')::date
      and (m.valid_until is null or m.valid_until > (now() at time zone 'Asia/Shanghai')::date)
), beside as (
  select distinct b.expert, c.path from body b
    join (select distinct path from candidate) c
      on starts_with(b.path, c.path) or (b.kind = 'unit' and starts_with(c.path, b.path))
)"""
#: Who filed or handled whose papers, or recommended them at a level.
_HANDED = """handed as (
  select e.id as expert, c.id as nomination from candidate c
    join talents_nomination n on n.id = c.id
    cross join lateral unnest(n.handled_by || n.filed_by_id::bigint) by(account)
    join expert e on e.user_id = by.account
  union select e.id, c.id from candidate c
    join talents_endorsement o on o.nomination_id = c.id and o.state = 'given'
    join expert e on e.user_id = o.decided_by_id
)"""
#: Who worked where the other one does now, or for one employer in the same months.
_COLLEAGUES = _keyed("""worked as (
  select e.id as expert, @w.employer as employer, w.start_month, w.end_month
    from expert e join talents_employment w on w.person_id = e.person_id where w.employer <> ''
), career as (
  select c.id as nomination, @w.employer as employer, w.start_month, w.end_month
    from candidate c join talents_employment w on w.nomination_id = c.id where w.employer <> ''
), colleague as (
  select b.expert, w.nomination from body b
    join career w on w.employer = @b.name where w.employer <> ''
  union select w.expert, c.id from worked w
    join candidate c on @c.name = w.employer where w.employer <> ''
  union select w.expert, x.nomination from worked w join career x on x.employer = w.employer
    where w.employer <> '' and (x.end_month is null or x.end_month >= w.start_month)
      and (w.end_month is null or w.end_month >= x.start_month)
)""")
#: Master and apprentice, and whoever shares a studio or its projects.
_NEAR = """in_studio as (
  select id as studio_id, leader_id as person_id from talents_studio
  union select studio_id, person_id from talents_studiomember
  union select studio_id, lead_id from talents_studioproject
), near as (
  select e.id as expert, m.apprentice_id as person_id, 'pair' as ground
    from expert e join talents_mentorship m on m.master_id = e.person_id
  union select e.id, m.master_id, 'pair'
    from expert e join talents_mentorship m on m.apprentice_id = e.person_id
  union select e.id, beside.person_id, 'studio'
    from expert e join in_studio own on own.person_id = e.person_id
    join in_studio beside on beside.studio_id = own.studio_id
)"""
NEARNESS = f"{_NEAR}, {_BODIES}, {_HANDED}, {_COLLEAGUES}"
#: Ground → conditions of which one is enough, the nearest ground first; what is unknown is no conflict.
GROUNDS = {
    "oneself": ("e.owner_digest is not distinct from c.identity_digest",),
    "unit": ("exists (select from beside x where x.expert = e.id and x.path = c.path)",),
    "pair": (
        """exists (select from near x
      where x.expert = e.id and x.person_id = c.person_id and x.ground = 'pair')""",
    ),
    "studio": (
        """exists (select from near x
      where x.expert = e.id and x.person_id = c.person_id and x.ground = 'studio')""",
    ),
    "colleague": (
        "exists (select from colleague x where x.expert = e.id and x.nomination = c.id)",
    ),
}
#: Of a pair of ``e`` and ``c``: that who judges had no hand in the papers.
APART = "not exists (select from handed x where x.expert = e.id and x.nomination = c.id)"
#: Of such a pair: that nothing stands between them.
FREE = "\n    and ".join(
    [*(f"not ({one})" for conditions in GROUNDS.values() for one in conditions), APART]
)
#: Of such a pair: on what ground the one stands back for the other, or nothing.
GROUND = (
    "case "
    + " ".join(
        f"when {' or '.join(f'({one})' for one in of)} then '{g}'" for g, of in GROUNDS.items()
    )
    + " end"
)
