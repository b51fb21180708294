"""Where a unit gave one rank to several, who was put forward first keeps it; the index is built beside the work."""

from django.contrib.auth.hashers import make_password
from django.db import migrations

#: Nominations looked at in one transaction.
BATCH = 5_000
REPEATED = """
select from talents_nomination e
where e.round_id = n.round_id and e.unit_id = n.unit_id and e.rank = n.rank and e.id < n.id
"""
ANY = f"select exists (select from talents_nomination n where exists ({REPEATED}))"
#: Each row that loses its rank gets a record, in the chain of the second-level body above its unit.
CLEARED = f"""
with repeated as (
  select n.id, n.rank, n.unit_id from talents_nomination n
  where n.id > %(after)s and n.id <= %(upto)s and exists ({REPEATED})
  for no key update
), cleared as (
  update talents_nomination n set rank = null from repeated where n.id = repeated.id
  returning n.id, repeated.rank, repeated.unit_id
)
insert into workflow_record (chain, kind, subject, organization_id, code, action, source, target,
  before, after, note, actor_id, sequence, previous_hash, hash)
select 'org:' || array_to_string((string_to_array(trim(both '/' from o.path), '/'))[1:3], '/'),
  'change', 'talents.nomination:' || c.id, c.unit_id, 'workflow.corrected', '更正', '', '',
  jsonb_build_object('rank', c.rank), jsonb_build_object('rank', null), %(note)s, %(actor)s, 0, '', ''
from cleared c join organizations_organization o on o.id = c.unit_id
order by c.id
"""
NOTE = "同一单位在本轮次把同一位次排给了多名人选，由先登记的保留，本条按未排登记，请单位核对后更正"


def clear_repeated(apps, editor):
    with editor.connection.cursor() as cursor:
        cursor.execute(ANY)
        if not cursor.fetchone()[0]:
            return
        cursor.execute("select max(id) from talents_nomination")
        last, values = cursor.fetchone()[0], {"note": NOTE, "actor": _system(apps, editor)}
        # from the last to the first, so that who keeps a rank is still there to be compared with
        for upto in range(last, 0, -BATCH):
            cursor.execute(CLEARED, values | {"after": upto - BATCH, "upto": upto})


def _system(apps, editor):
    """The number of the system account, made where nothing has needed it yet."""
    accounts = apps.get_model("organizations", "User")._base_manager.using(editor.connection.alias)
    known = {"display_name": "系统", "is_active": True, "password": make_password(None)}
    return accounts.get_or_create(username="system", defaults=known)[0].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("talents", "0035_a_list_stays_up_until_the_next_one_is"),
        ("workflow", "0005_heads_stand_on_records"),
    ]

    operations = [
        migrations.RunPython(clear_repeated, migrations.RunPython.noop),
        # what a building that was broken off left behind is no index
        migrations.RunSQL(
            "drop index concurrently if exists nomination_ranked_once_by_its_unit",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "create unique index concurrently nomination_ranked_once_by_its_unit"
            " on talents_nomination (round_id, unit_id, rank)",
            "drop index concurrently if exists nomination_ranked_once_by_its_unit",
        ),
    ]
