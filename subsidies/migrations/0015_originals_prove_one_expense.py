"""A file proves one standing expense, in the whole system; two who bring it at once wait for each other."""

from django.db import migrations

ONCE = """
create function subsidies_evidence_is_used_once() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('subsidies.evidence:' || new.sha256, 0));
  if exists (
    select from subsidies_evidence v join subsidies_expense e on e.id = v.expense_id
    where v.sha256 = new.sha256 and e.red_id is null and v.expense_id <> new.expense_id
  ) then
    raise exception '这份文件已作为另一笔支出的凭证，需核验；同一文件只能用于一笔支出'
      using errcode = 'JX023', constraint = tg_name;
  end if;
  if not exists (
    select from workflow_attachment a where a.id = new.attachment_id and a.sha256 = new.sha256
  ) then
    raise exception '凭证原件与附件的摘要值不符' using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger evidence_is_used_once before insert on subsidies_evidence
  for each row execute function subsidies_evidence_is_used_once();
"""
NOT_ONCE = """
drop trigger evidence_is_used_once on subsidies_evidence;
drop function subsidies_evidence_is_used_once();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0014_expenses_keep_their_originals")]

    operations = [migrations.RunSQL(ONCE, NOT_ONCE)]
