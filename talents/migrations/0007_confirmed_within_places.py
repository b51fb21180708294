"""What is confirmed never exceeds the places: the database asks too, at both ends.

Whoever moves a nomination to 已确认 queues up for its round as the application does, so that the last
place is given once; where places were given, a unit that has none above it has none. Places are
neither lowered nor taken back below what is confirmed.
"""

from django.db import migrations

GUARD = """
create function talents_confirmed_below(given talents_quotaallocation) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) from talents_nomination n
    join organizations_organization u on u.id = n.unit_id
    join organizations_organization o on o.id = given.organization_id
  where n.round_id = given.round_id and n.state = 'checked' and starts_with(u.path, o.path)
$$;

create function talents_confirm_within_places() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  rounds bigint[];
begin
  select array_agg(distinct n.round_id) into rounds from moved n join before b using (id)
    where n.state = 'checked'
      and (b.state, b.unit_id, b.round_id) is distinct from (n.state, n.unit_id, n.round_id);
  if rounds is null then
    return null;
  end if;
  perform 1 from talents_selectionround where id = any (rounds) order by id for no key update;
  if exists (
    with above as (
      select n.id, a
      from moved n
      join organizations_organization u on u.id = n.unit_id
      join talents_quotaallocation a on a.round_id = n.round_id
      join organizations_organization o on o.id = a.organization_id and starts_with(u.path, o.path)
      where n.state = 'checked' and n.round_id = any (rounds)
    )
    select from (select distinct a from above) given
      where talents_confirmed_below(given.a) > (given.a).places
    union all
    select from moved n
      where n.state = 'checked' and n.round_id = any (rounds)
        and n.round_id in (select round_id from talents_quotaallocation)
        and n.id not in (select id from above)
  ) then
    raise exception '确认的人选不能超过名额' using errcode = 'JX008', constraint = tg_name;
  end if;
  return null;
end $$;
create trigger nomination_confirmed_within_places after update on talents_nomination
  referencing old table as before new table as moved for each statement
  execute function talents_confirm_within_places();

create function talents_places_cover_confirmed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from talents_selectionround where id in (old.round_id, new.round_id)
    order by id for no key update;
  if tg_op <> 'DELETE' and talents_confirmed_below(new) > new.places
    or tg_op <> 'INSERT' and talents_confirmed_below(old) > 0
      and (tg_op = 'DELETE'
        or (old.round_id, old.organization_id) <> (new.round_id, new.organization_id))
  then
    raise exception '名额不能少于已确认的人数' using errcode = 'JX008', constraint = tg_name;
  end if;
  return null;
end $$;
create trigger places_cover_the_confirmed after insert or update or delete on talents_quotaallocation
  for each row execute function talents_places_cover_confirmed();
"""
UNGUARD = """
drop trigger places_cover_the_confirmed on talents_quotaallocation;
drop trigger nomination_confirmed_within_places on talents_nomination;
drop function talents_places_cover_confirmed();
drop function talents_confirm_within_places();
drop function talents_confirmed_below(talents_quotaallocation);
"""


class Migration(migrations.Migration):
    dependencies = [("talents", "0006_marks_are_sealed")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
