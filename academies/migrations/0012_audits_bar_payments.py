"""What an audit demands keeps the money back, too, from its demand until it is struck off.

A demand takes the academy's row FOR NO KEY UPDATE, as a payment takes it FOR SHARE: of the two at once
the second waits and sees what the first has done.
"""

from django.db import migrations

BAR = """
create or replace function academies_payment_bar(of_academy bigint)
returns text language sql stable set search_path = public, pg_temp as $$
  select case
    when academies_failing_streak(of_academy) >= 2 then 'subsidy-ended'
    when exists (
      select from academies_evaluation
      where academy_id = of_academy and grade = 'failed' and closed_on is null
    ){also} then 'payments-suspended'
  end
$$;
"""
OF_AUDITS = """ or exists (
      select from academies_rectification where academy_id = of_academy and state <> 'closed'
    )"""

DEMANDED = """
create or replace function academies_rectification_is_demanded() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  {audits}perform from academies_evaluation
    where id = new.evaluation_id and grade = 'failed' and closed_on is null for no key update;
  if not found then
    raise exception '只有不合格且整改未完成的评价可以提出整改事项'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
"""
AUDITS = """if new.academy_id is not null then
    perform from academies_academy where id = new.academy_id for no key update;
    return new;
  end if;
  """


class Migration(migrations.Migration):
    dependencies = [("academies", "0011_rectification_after_audit")]

    operations = [
        migrations.RunSQL(BAR.format(also=OF_AUDITS), BAR.format(also="")),
        migrations.RunSQL(DEMANDED.format(audits=AUDITS), DEMANDED.format(audits="")),
    ]
