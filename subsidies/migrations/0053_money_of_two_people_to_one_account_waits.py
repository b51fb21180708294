"""What goes to one account for two people is listed and paid only after somebody asked the person: JX017.

An account of an academy counts like another person's; studios' money goes to their unit and is not meant.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

OWN = """
create function subsidies_claim_account_is_its_own() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from subsidies_claim c
    where c.account_digest = new.account_digest and c.person_id <> new.person_id
      and c.kind <> 'studio' and c.state <> 'refused'
  ) or exists (
    select from subsidies_payeeaccount a
    where a.account_digest = new.account_digest and a.state <> 'refused'
  ) then
    raise exception '收款账号与他人的相同，须由财务人员回访本人确认以后才能列入付款清单、付款；已列入清单的先作废清单'
      using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger claim_account_is_its_own before update of state on subsidies_claim
  for each row when (
    new.state in ('listed', 'paid') and new.state <> old.state and new.called_by_id is null
    and new.kind <> 'studio' and new.account_digest is not null
  )
  execute function subsidies_claim_account_is_its_own();
"""
ANYBODYS = """
drop trigger claim_account_is_its_own on subsidies_claim;
drop function subsidies_claim_account_is_its_own();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0052_claims_say_who_typed_the_account_and_who_called")]

    operations = [
        ValidateConstraint("claim", "claim_is_called_back_by_another"),
        migrations.RunSQL(OWN, ANYBODYS),
    ]
