"""A sealed report, its figures and the rows behind them are never changed, added to or removed.

The guard locks the report (shared): whoever writes figures while somebody seals waits, and is then
refused.
"""

from django.db import migrations

from workflow.records.guards import state_guards

STATES, FREE_STATES = state_guards("reports.targetreport", "report")

REPORTS = """
create function reports_keep_sealed() returns trigger language plpgsql as $$
begin
  if old.state = 'sealed' then
    raise exception '已封存的报告不能修改或删除，如有变化请编制下一版' using errcode = 'JX005',
      constraint = 'report_is_sealed';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create function reports_refuse_truncation() returns trigger language plpgsql as $$
begin
  raise exception '报告不能清空' using errcode = 'JX005', constraint = tg_name;
end $$;
create trigger report_is_sealed before update or delete on reports_targetreport
  for each row execute function reports_keep_sealed();
create trigger report_is_never_truncated before truncate on reports_targetreport
  for each statement execute function reports_refuse_truncation();
"""

GUARD = """
create function reports_keep_{name}() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare sealed boolean;
begin
  select bool_or(r.state = 'sealed') into sealed from (
    select state from reports_targetreport where id in ({reports}) order by id for share
  ) r;
  if sealed then
    raise exception '已封存的报告不能修改或删除，如有变化请编制下一版' using errcode = 'JX005',
      constraint = 'report_is_sealed';
  end if;
  return null;
end $$;
create trigger {table}_is_sealed_{event} after {event} on reports_{table}
  referencing {referencing} for each statement execute function reports_keep_{name}();
"""

TRUNCATED = """
create trigger {table}_is_never_truncated before truncate on reports_{table}
  for each statement execute function reports_refuse_truncation();
"""

OWN = "select report_id from {side}"
BEHIND = "select f.report_id from {side} t join reports_figure f on f.id = t.figure_id"
SIDES = {
    "insert": ("new table as added", ["added"]),
    "update": ("old table as gone new table as added", ["gone", "added"]),
    "delete": ("old table as gone", ["gone"]),
}


def _guards():
    for table, route in (("figure", OWN), ("figurerows", BEHIND)):
        for event, (referencing, sides) in SIDES.items():
            yield GUARD.format(
                name=f"{table}_{event}",
                table=table,
                event=event,
                referencing=referencing,
                reports=" union ".join(route.format(side=side) for side in sides),
            )
        yield TRUNCATED.format(table=table)


def _unguards():
    for table in ("figure", "figurerows"):
        yield f"drop trigger {table}_is_never_truncated on reports_{table};"
        for event in SIDES:
            yield f"drop trigger {table}_is_sealed_{event} on reports_{table};"
            yield f"drop function reports_keep_{table}_{event}();"


UNREPORTS = """
drop trigger report_is_never_truncated on reports_targetreport;
drop trigger report_is_sealed on reports_targetreport;
drop function reports_keep_sealed();
drop function reports_refuse_truncation();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("workflow", "0002_record_chain")]

    operations = [
        migrations.RunSQL(
            "\n".join([REPORTS, *_guards(), STATES]),
            "\n".join([FREE_STATES, *_unguards(), UNREPORTS]),
        )
    ]
