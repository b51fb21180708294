"""States move on the record; a scheme makes up one hundred; marks fit it and stay once locked."""

from django.db import migrations

from workflow.records.guards import state_guards

SUM = """
create function competitions_scheme_makes_up_one_hundred() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare total numeric;
begin
  select sum(maximum) into total from competitions_aspect where scheme_id = new.scheme_id;
  if total <> 100 then
    raise exception '各评分点满分合计应为100分，现为%分，请核对评分方案', trim_scale(total)
      using errcode = 'JX007', constraint = 'scheme_makes_up_one_hundred';
  end if;
  return null;
end $$;
create constraint trigger scheme_makes_up_one_hundred after insert on competitions_aspect
  deferrable initially deferred for each row
  execute function competitions_scheme_makes_up_one_hundred();
"""
NO_SUM = """
drop trigger scheme_makes_up_one_hundred on competitions_aspect;
drop function competitions_scheme_makes_up_one_hundred;
"""
MARKS = """
create function competitions_mark_fits_its_scheme() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from added m
    join competitions_entry e on e.id = m.entry_id
    join competitions_item i on i.id = e.item_id
    where i.state <> 'open'
  ) then
    raise exception '该项目的成绩已锁定，不能再登记分数；确需改动的，请先退回重评'
      using errcode = 'JX007', constraint = 'mark_fits_its_scheme';
  end if;
  if exists (
    select from added m
    join competitions_entry e on e.id = m.entry_id
    join competitions_aspect a on a.id = m.aspect_id
    join competitions_scheme s on s.id = a.scheme_id
    where s.item_id <> e.item_id or m.seat > a.seats
      or case a.method when 'measurement' then m.value > a.maximum
         else m.value > 3 or m.value <> trunc(m.value) end
  ) then
    raise exception '分值超出评分点的满分，或评价分不是0至3的整数，或评分点、裁判席不属于该项目，请核对后重新填写'
      using errcode = 'JX007', constraint = 'mark_fits_its_scheme';
  end if;
  return null;
end $$;
create trigger mark_fits_its_scheme after insert on competitions_mark
  referencing new table as added
  for each statement execute function competitions_mark_fits_its_scheme();
create function competitions_mark_stays_once_locked() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from touched m
    join competitions_entry e on e.id = m.entry_id
    join competitions_item i on i.id = e.item_id
    where i.state <> 'open'
  ) then
    raise exception '该项目的成绩已锁定，不能改动分数；确需改动的，请先退回重评'
      using errcode = 'JX007', constraint = tg_name;
  end if;
  return null;
end $$;
create trigger mark_stays_once_locked after delete on competitions_mark
  referencing old table as touched
  for each statement execute function competitions_mark_stays_once_locked();
create trigger mark_counts_once_locked after update on competitions_mark
  referencing new table as touched
  for each statement execute function competitions_mark_stays_once_locked();
"""
NO_MARKS = """
drop trigger mark_counts_once_locked on competitions_mark;
drop trigger mark_stays_once_locked on competitions_mark;
drop trigger mark_fits_its_scheme on competitions_mark;
drop function competitions_mark_stays_once_locked;
drop function competitions_mark_fits_its_scheme;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("competitions", "0001_initial"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [
        migrations.RunSQL(*state_guards("competitions.competition", "competition")),
        migrations.RunSQL(*state_guards("competitions.item", "item", first="open")),
        migrations.RunSQL(*state_guards("competitions.entry", "entry", first="entered")),
        migrations.RunSQL(SUM, NO_SUM),
        migrations.RunSQL(MARKS, NO_MARKS),
    ]
