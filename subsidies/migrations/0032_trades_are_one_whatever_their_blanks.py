"""焊 工 and 焊工 are one trade: nobody draws a lower level in it after a higher one."""

from django.db import migrations

CLIMBS = """
create or replace function subsidies_claim_climbs() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from talents_person where id = new.person_id for no key update;
  if exists (
    select from subsidies_claim c where c.person_id = new.person_id and c.kind = new.kind
      and <trade_on_file> = <trade> and c.state <> 'refused'
      and translate(c.level, '054321TS', '12345678') > translate(new.level, '054321TS', '12345678')
  ) then
    raise exception '该人员同一职业（工种）已申领过更高等级，就高不就低，不再受理较低等级'
      using errcode = 'JX023', constraint = tg_name;
  end if;
  return new;
end $$
"""
FOLDED = "translate(regexp_replace({}, '[[:space:]\u3000]', '', 'g'), '()', '（）')"


def _climbs(form: str) -> str:
    on_file, told = form.format("c.trade"), form.format("new.trade")
    return CLIMBS.replace("<trade_on_file>", on_file).replace("<trade>", told)


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0031_audiences_are_known")]

    operations = [migrations.RunSQL(_climbs(FOLDED), _climbs("{}"))]
