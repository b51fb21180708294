"""What bars an academy from payments is asked in the order that most academies answer soonest.

Statements of a PL/pgSQL function are planned once a session; an SQL function was planned anew for every
payment, streak of failures and all. An academy that never failed has no streak to be counted.
"""

from importlib import import_module

from django.db import migrations

BAR = """
create or replace function academies_payment_bar(of_academy bigint)
returns text language plpgsql stable set search_path = public, pg_temp as $$
begin
  perform from academies_evaluation where academy_id = of_academy and grade = 'failed';
  if found then
    if academies_failing_streak(of_academy) >= 2 then
      return 'subsidy-ended';
    end if;
    perform from academies_evaluation
      where academy_id = of_academy and grade = 'failed' and closed_on is null;
    if found then
      return 'payments-suspended';
    end if;
  end if;
  perform from academies_rectification
    where academy_id = of_academy and state not in ('closed', 'dropped');
  if found then
    return 'payments-suspended';
  end if;
  return null;
end $$;
"""
BEFORE = import_module("academies.migrations.0030_demands_are_dropped").BAR.format(
    open="state not in ('closed', 'dropped')"
)


class Migration(migrations.Migration):
    dependencies = [("academies", "0041_better_grades_than_proposed_take_two")]

    operations = [migrations.RunSQL(BAR, BEFORE)]
