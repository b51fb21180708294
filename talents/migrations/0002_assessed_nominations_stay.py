"""A nomination that was assessed is not deleted: verdicts carry no foreign key, a trigger guards.

While a check of its round is going it is not deleted either, or the check could judge a row that is
gone a moment later. The advisory lock (shared here, exclusive in ``start_run``) orders the two.
"""

from django.db import migrations

GUARD = """
create function talents_keep_assessed_nomination() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(1701603687, r.round_id::int)
    from (select distinct round_id from gone order by round_id) r;
  if exists (select 1 from gone g join talents_assessmentrun r using (round_id)
             where r.status = 'running') then
    raise exception '本轮次正在进行资格核验，不能删除推荐' using errcode = 'JX003',
      constraint = 'nomination_assessed_is_kept';
  end if;
  if exists (select 1 from gone g join talents_assessment a on a.nomination_id = g.id
             join talents_assessmentrun r on r.id = a.run_id and r.round_id = g.round_id) then
    raise exception '推荐已有资格核验结果，不能删除' using errcode = 'JX003',
      constraint = 'nomination_assessed_is_kept';
  end if;
  return null;
end $$;
create trigger nomination_assessed_is_kept after delete on talents_nomination
  referencing old table as gone for each statement
  execute function talents_keep_assessed_nomination();
"""

UNGUARD = """
drop trigger nomination_assessed_is_kept on talents_nomination;
drop function talents_keep_assessed_nomination();
"""


class Migration(migrations.Migration):
    dependencies = [("talents", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
