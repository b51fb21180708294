"""焊工（特种） is 焊工: what stands in brackets after a trade opens neither the same level again nor a lower one.

A level that was drawn for in the same trade under another name is refused as
``claim_once_per_trade_and_level``; the same name again stays the unique key's business.
"""

from django.db import migrations

CLIMBS = """
create or replace function subsidies_claim_climbs() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  told text := {new};
begin
  perform from talents_person where id = new.person_id for no key update;
  if exists (
    select from subsidies_claim c where c.person_id = new.person_id and c.kind = new.kind
      and {old} = told and c.state <> 'refused'
      and translate(c.level, '054321TS', '12345678') > translate(new.level, '054321TS', '12345678')
  ) then
    raise exception '{climbs}'
      using errcode = 'JX023', constraint = tg_name;
  end if;{again}
  return new;
end $$
"""
AGAIN = """
  if new.level <> '' and exists (
    select from subsidies_claim c where c.person_id = new.person_id and c.kind = new.kind
      and {old} = told and c.level = new.level and c.matter <> new.matter and c.state <> 'refused'
  ) then
    raise exception '该人员“%”同一等级的助推资助已经申领过：职业名称后括号内的工种、方向不另计，同一职业同一等级只申领一次', told
      using errcode = 'JX023', constraint = 'claim_once_per_trade_and_level';
  end if;"""
FOLDED = "translate(regexp_replace({}, '[[:space:]\u3000]', '', 'g'), '()', '（）')"
KEY = """
create function subsidies_trade_key(trade text) returns text language sql immutable parallel safe as $$
  select coalesce(
    nullif(regexp_replace(regexp_replace(f.trade, '（[^（）]*）', '', 'g'), '（.*$', ''), ''), f.trade
  ) from (
    select translate(regexp_replace(trade, '[[:space:]\u3000]', '', 'g'),
      '()[]【】〔〕［］', '（）（）（）（）（）') as trade
  ) f
$$;
"""
BEFORE = "该人员同一职业（工种）已申领过更高等级，就高不就低，不再受理较低等级"
NOW = "该人员同一职业已申领过更高等级（职业名称后括号内的工种、方向不另计），就高不就低，不再受理较低等级"


def _by_key() -> str:
    old, new = "subsidies_trade_key(c.trade)", "subsidies_trade_key(new.trade)"
    return CLIMBS.format(old=old, new=new, climbs=NOW, again=AGAIN.format(old=old))


def _by_name() -> str:
    old, new = FOLDED.format("c.trade"), FOLDED.format("new.trade")
    return CLIMBS.format(old=old, new=new, climbs=BEFORE, again="")


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0045_payments_go_where_they_were_ordered")]

    operations = [
        migrations.RunSQL(KEY, "drop function subsidies_trade_key(text)"),
        migrations.RunSQL(_by_key(), _by_name()),
    ]
