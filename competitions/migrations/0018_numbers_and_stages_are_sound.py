"""Numbers of entrants can stand in an address; stages that follow each other have a first."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.core.validators import RegexValidator
from django.db import migrations, models

PATTERN = "[A-Za-z0-9一-鿿][A-Za-z0-9一-鿿._-]*"
WORDS = "参赛号应由汉字、字母、数字和“-”“_”“.”组成，以汉字、字母或数字开头"
#: What was typed before there was a rule: what cannot stand in an address becomes a hyphen. A row that
#: would then say nothing, or say what another says, gets its own key behind.
MENDED = """
with bad as (
  select id, item_id, ltrim(regexp_replace(number, '[^A-Za-z0-9一-鿿._-]+', '-', 'g'), '-._') as told
  from competitions_entry
  where number <> '' and number !~ '^[A-Za-z0-9一-鿿][A-Za-z0-9一-鿿._-]*$'
)
update competitions_entry e set number = left(
  case when told = ''
    or exists (select from competitions_entry o where o.item_id = bad.item_id and o.number = told)
    or exists (select from bad b where b.item_id = bad.item_id and b.told = bad.told and b.id < bad.id)
  then 'N' || e.id else told end, 20)
from bad where bad.id = e.id;
"""
FIRST = """
create function competitions_item_stages_have_a_first() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare earlier bigint := new.follows_id;
begin
  while earlier is not null loop
    if earlier = new.id then
      raise exception '赛段不能首尾相接：“%”经由其他赛段又晋级自己，请核对“由哪个赛段晋级”', new.name
        using errcode = 'JX007', constraint = 'item_stages_have_a_first';
    end if;
    select follows_id into earlier from competitions_item where id = earlier for no key update;
  end loop;
  return null;
end $$;
create trigger item_stages_have_a_first
  after insert or update of follows_id on competitions_item
  for each row when (new.follows_id is not null)
  execute function competitions_item_stages_have_a_first();
"""
NO_FIRST = """
drop trigger item_stages_have_a_first on competitions_item;
drop function competitions_item_stages_have_a_first;
"""


class Migration(migrations.Migration):
    dependencies = [("competitions", "0017_works_have_codes")]

    operations = [
        migrations.RunSQL(MENDED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="entry",
            name="number",
            field=models.CharField(
                blank=True,
                max_length=20,
                validators=[RegexValidator(rf"^{PATTERN}\Z", WORDS)],
                verbose_name="参赛号",
            ),
        ),
        AddConstraintNotValid(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), ("number__regex", f"^{PATTERN}$"), _connector="OR"),
                name="entry_number_can_stand_in_an_address",
                violation_error_message=WORDS,
            ),
        ),
        migrations.RunSQL(FIRST, NO_FIRST),
    ]
