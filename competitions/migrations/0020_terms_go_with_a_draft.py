"""Terms are taken away with the contest they began, while it is prepared; else they stay."""

from django.db import migrations

GUARD = """
create function competitions_terms_go_with_a_draft() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from competitions_competition where id = old.competition_id and state <> 'draft') then
    raise exception '竞赛发布之后，参赛承诺不能删除；确需改动的，请另立新版'
      using errcode = 'JX007', constraint = 'terms_go_with_a_draft';
  end if;
  return old;
end $$;
create trigger terms_go_with_a_draft before delete on competitions_terms
  for each row execute function competitions_terms_go_with_a_draft();
"""
UNGUARDED = """
drop trigger terms_go_with_a_draft on competitions_terms;
drop function competitions_terms_go_with_a_draft;
"""


class Migration(migrations.Migration):
    dependencies = [("competitions", "0019_numbers_are_checked")]

    operations = [migrations.RunSQL(GUARD, UNGUARDED)]
