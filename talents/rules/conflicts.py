"""Who is too near to a candidate to judge them: one set of conditions, for draws and for panels.

A query that asks has four tables at hand: ``expert`` and ``candidate``, which it makes itself, and
``near`` and ``worked``, which follow from them (``NEARNESS``). Its ``e`` is of the first, ``c`` of the
second: ``expert (id, unit_id, path, kind, name, owner_digest, person_id)`` and
``candidate (id, person_id, path, name, identity_digest)``.
"""

from __future__ import annotations

#: Master and apprentice, and whoever shares a studio or its projects; employers of who judges.
NEARNESS = """in_studio as (
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
), worked as (
  select distinct e.id as expert, w.employer
    from expert e join talents_employment w on w.person_id = e.person_id where w.employer <> ''
)"""
#: Ground → conditions of which one is enough, the nearest ground first; what is unknown is no conflict.
GROUNDS = {
    "oneself": ("e.owner_digest is not distinct from c.identity_digest",),
    "unit": (
        """e.unit_id is not null and (starts_with(e.path, c.path)
      or (e.kind = 'unit' and starts_with(c.path, e.path)))""",
    ),
    "pair": (
        """exists (select from near x
      where x.expert = e.id and x.person_id = c.person_id and x.ground = 'pair')""",
    ),
    "studio": (
        """exists (select from near x
      where x.expert = e.id and x.person_id = c.person_id and x.ground = 'studio')""",
    ),
    "colleague": (
        """exists (select from talents_employment w
      where w.nomination_id = c.id and w.employer = e.name)""",
        "exists (select from worked x where x.expert = e.id and x.employer = c.name)",
    ),
}
#: Of a pair of ``e`` and ``c``: that nothing stands between them.
FREE = "\n    and ".join(f"not ({one})" for conditions in GROUNDS.values() for one in conditions)
#: Of such a pair: on what ground the one stands back for the other, or nothing.
GROUND = (
    "case "
    + " ".join(
        f"when {' or '.join(f'({one})' for one in of)} then '{g}'" for g, of in GROUNDS.items()
    )
    + " end"
)
