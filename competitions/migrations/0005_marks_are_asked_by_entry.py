"""The same rules about marks, asked so that a sheet of half a million is no slower a mark than one.

A transition table has no statistics: joined with entries and items, the planner may walk it once for
every entry. So entries are looked up one by one, each once (``offset 0`` keeps it that way).
"""

from django.db import migrations

ITEMS = """
    select from (select distinct entry_id from {rows} offset 0) m
    cross join lateral (
      select i.state from competitions_entry e join competitions_item i on i.id = e.item_id
      where e.id = m.entry_id offset 0
    ) held
    where held.state <> 'open'
"""
FITS = f"""
create or replace function competitions_mark_fits_its_scheme() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists ({ITEMS.format(rows="added")}) then
    raise exception '该项目的成绩已锁定，不能再登记分数；确需改动的，请先退回重评'
      using errcode = 'JX007', constraint = 'mark_fits_its_scheme';
  end if;
  if exists (
    select from (
      select entry_id, aspect_id, max(seat) as seat, max(value) as value,
        bool_or(value <> trunc(value)) as is_broken
      from added group by entry_id, aspect_id offset 0
    ) m
    cross join lateral (
      select a.seats, a.method, a.maximum, s.item_id
      from competitions_aspect a join competitions_scheme s on s.id = a.scheme_id
      where a.id = m.aspect_id offset 0
    ) asked
    cross join lateral (
      select e.item_id from competitions_entry e where e.id = m.entry_id offset 0
    ) entered
    where asked.item_id <> entered.item_id or m.seat > asked.seats
      or case asked.method when 'measurement' then m.value > asked.maximum
         else m.value > 3 or m.is_broken end
  ) then
    raise exception '分值超出评分点的满分，或评价分不是0至3的整数，或评分点、裁判席不属于该项目，请核对后重新填写'
      using errcode = 'JX007', constraint = 'mark_fits_its_scheme';
  end if;
  return null;
end $$;
"""
STAYS = f"""
create or replace function competitions_mark_stays_once_locked() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists ({ITEMS.format(rows="touched")}) then
    raise exception '该项目的成绩已锁定，不能改动分数；确需改动的，请先退回重评'
      using errcode = 'JX007', constraint = tg_name;
  end if;
  return null;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("competitions", "0004_results_are_kept")]

    #: Backwards there is nothing to do: the functions say the same, only more slowly before.
    operations = [migrations.RunSQL(FITS + STAYS, migrations.RunSQL.noop)]
