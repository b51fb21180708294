"""That a use must be approved item by item is known from the policy, before anybody has applied for it."""

from django.db import migrations

FUNCTION = """
create or replace function subsidies_expense_of_open_use_is_approved() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  given numeric;
begin
  if not {open} then
    return new;
  end if;
  select p.amount into given from subsidies_project p join subsidies_grant g on g.id = p.grant_id
    where g.academy_id = new.academy_id and g.fund_id = new.fund_id and g.state <> 'refused'
      and p.use = new.use and p.decision <> '' for update of p;
  if given is null then
    raise exception '该用途须先在申报中列明、逐项报批，批准后才能列支'
      using errcode = 'JX017', constraint = 'use_not_approved';
  end if;
  if new.amount + (select coalesce(sum(e.amount), 0) from subsidies_expense e
      where e.academy_id = new.academy_id and e.fund_id = new.fund_id and e.use = new.use
        and e.red_id is null) > given then
    raise exception '超过报批事项批准的金额，要增加的须另行报批'
      using errcode = 'JX017', constraint = 'item_exceeded';
  end if;
  return new;
end $$;
"""
ASKED_FOR = "exists (select from subsidies_project where use = new.use and needs_approval)"
#: As the latest edition says that had begun on the day of the expense and names the use.
STATED = """coalesce((
    select u.needs_approval from policies_editionuse u join policies_policyedition p on p.id = u.edition_id
    where u.code = new.use and p.effective_from <= new.spent_on
    order by p.effective_from desc, p.edition desc limit 1
  ), false)"""


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0023_originals_are_looked_at"),
        ("policies", "0004_uses_stand_in_a_table"),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTION.replace("{open}", f"({ASKED_FOR} or {STATED})"),
            FUNCTION.replace("{open}", ASKED_FOR),
        )
    ]
