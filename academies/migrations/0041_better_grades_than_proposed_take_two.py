"""A better grade than the panel's mean comes to is given by two, as over a hard line: JX021 for whoever writes.

The mean that a file keeps is that of the marks of its filing. Of a file on which nobody marked there is
nothing to compare with; that too few did is refused before.
"""

from django.db import migrations

#: As migration 0035 has it, with what the panel came to.
GRADED = """
create or replace function academies_review_is_graded() returns trigger
language plpgsql set search_path = public, pg_temp as $$<declared>
begin
  if exists (
    select from academies_panelmark where review_id = new.id and expert_id = new.graded_by_id
  ) then
    raise exception '等次须由没有为该学院评分的人评定'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  if (new.items @> '[{"is_short": true}]' or new.calls_short <> '') and exists (
    select from academies_evaluation
    where id = new.evaluation_id and grade <> 'failed'
      and (new.lifted_by_id is null or new.lifted_to <> grade)
  ) then
    raise exception '未达硬性标准的，须由一人提出、另一人复核才能评为合格以上'
      using errcode = 'JX021', constraint = tg_name;
  end if;<panel>
  return new;
end $$;
"""
DECLARED = """
declare
  mean numeric;
  given text;"""
PANEL = """
  select round(avg(total), 1) into mean from academies_panelmark
    where review_id = new.id and filed_at = new.filed_at;
  select grade into given from academies_evaluation where id = new.evaluation_id;
  if mean is null or given = 'failed' then
    return new;
  end if;
  if new.panel_mean is distinct from mean or new.panel_passing is null
    or new.panel_excelling is null
  then
    raise exception '评价件上的专家评分平均与各专家的评分不符，请重新评定'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  if (mean < new.panel_passing or (given = 'excellent' and mean < new.panel_excelling))
    and (new.lifted_by_id is null or new.lifted_to <> given)
  then
    raise exception '高于专家评分建议的等次，须由一人提出、另一人复核'
      using errcode = 'JX021', constraint = tg_name;
  end if;"""


def _graded(declared, panel):
    return GRADED.replace("<declared>", declared).replace("<panel>", panel)


class Migration(migrations.Migration):
    dependencies = [("academies", "0040_files_keep_what_the_panel_came_to")]

    operations = [migrations.RunSQL(_graded(DECLARED, PANEL), _graded("", ""))]
