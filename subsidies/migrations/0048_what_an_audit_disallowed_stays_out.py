"""An invoice that an audit took off the books is not brought in again, by any academy, in any fund or year:
refused with JX023, ``disallowed_by_audit``; nor are its originals. Else the next workbook books it anew, and
the refund costs nothing. Only the rest of it that the audit left stands, booked with the cut.

An expense is brought in after the unique index has waited for whoever is cutting it at that moment.
"""

from django.db import migrations, models

DISALLOWED = """
create function subsidies_is_disallowed(e subsidies_expense) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from subsidies_entry red
    where red.id = e.red_id and red.reason = 'finding' and red.approved_by_id is not null
  )
$$;
create function subsidies_is_left_by_audit(entry bigint) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from subsidies_entry e where e.id = entry and subsidies_is_rest_of_finding(e)
  )
$$;
create function subsidies_expense_is_not_disallowed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from subsidies_expense d
    where d.invoice_key = new.invoice_key and d.red_id is not null and subsidies_is_disallowed(d)
  ) and not subsidies_is_left_by_audit(new.entry_id) then
    raise exception '该发票已由审计认定退回，不能再次列支'
      using errcode = 'JX023', constraint = 'disallowed_by_audit';
  end if;
  return null;
end $$;
create trigger expense_is_not_disallowed after insert on subsidies_expense
  for each row execute function subsidies_expense_is_not_disallowed();
"""
ALLOWED = """
drop trigger expense_is_not_disallowed on subsidies_expense;
drop function subsidies_expense_is_not_disallowed();
drop function subsidies_is_left_by_audit(bigint);
drop function subsidies_is_disallowed(subsidies_expense);
"""

ORIGINALS = """
create or replace function subsidies_evidence_is_used_once() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('subsidies.evidence:' || new.sha256, 0));
  if exists (
    select from subsidies_evidence v join subsidies_expense e on e.id = v.expense_id
    where v.sha256 = new.sha256 and e.red_id is null and v.expense_id <> new.expense_id
  ) then
    raise exception '这份文件已作为另一笔支出的凭证，需核验；同一文件只能用于一笔支出'
      using errcode = 'JX023', constraint = tg_name;
  end if;{disallowed}
  if not exists (
    select from workflow_attachment a where a.id = new.attachment_id and a.sha256 = new.sha256
  ) then
    raise exception '凭证原件与附件的摘要值不符' using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
"""
OF_DISALLOWED = """
  if exists (
    select from subsidies_evidence v join subsidies_expense e on e.id = v.expense_id
    where v.sha256 = new.sha256 and v.expense_id <> new.expense_id and e.red_id is not null
      and v.kind in ('invoice', 'electronic') and subsidies_is_disallowed(e)
  ) and not exists (
    select from subsidies_expense x
    where x.id = new.expense_id and subsidies_is_left_by_audit(x.entry_id)
  ) then
    raise exception '这份文件所证的支出已由审计认定退回，不能用于另一笔支出'
      using errcode = 'JX023', constraint = 'disallowed_by_audit';
  end if;"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0047_invoices_are_one_whatever_stands_before_them")]

    operations = [
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(
                fields=["invoice_key"],
                condition=models.Q(red__isnull=False),
                name="expense_taken_back_by_invoice",
            ),
        ),
        migrations.RunSQL(DISALLOWED, ALLOWED),
        migrations.RunSQL(
            ORIGINALS.format(disallowed=OF_DISALLOWED), ORIGINALS.format(disallowed="")
        ),
    ]
