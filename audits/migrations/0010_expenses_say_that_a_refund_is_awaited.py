"""Of an expense of which an audit wants money back it can be asked, from below the audits."""

from django.db import migrations

WAITS = """
create function audits_expense_waits(of_expense bigint) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from audits_paper p join audits_finding f on f.id = p.finding_id
    where p.expense_id = of_expense and f.state = 'issued' and f.refund > 0
      and f.returned_id is null
  )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audits", "0007_refunds_take_expenses_back")]

    operations = [migrations.RunSQL(WAITS, "drop function audits_expense_waits(bigint);")]
