"""Where a unit gave one rank to several, who was put forward first keeps it; the index is built beside the work."""

from django.db import migrations

#: Nominations looked at in one transaction.
BATCH = 5_000
CLEARED = """
update talents_nomination n set rank = null
where n.id > %(after)s and n.id <= %(upto)s and n.rank is not null and exists (
  select from talents_nomination e
  where e.round_id = n.round_id and e.unit_id = n.unit_id and e.rank = n.rank and e.id < n.id
)
"""


def clear_repeated(apps, editor):
    with editor.connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from talents_nomination")
        last = cursor.fetchone()[0]
        # from the last to the first, so that who keeps a rank is still there to be compared with
        for upto in range(last, 0, -BATCH):
            cursor.execute(CLEARED, {"after": upto - BATCH, "upto": upto})


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("talents", "0035_a_list_stays_up_until_the_next_one_is")]

    operations = [
        migrations.RunPython(clear_repeated, migrations.RunPython.noop),
        migrations.RunSQL(
            "create unique index concurrently if not exists nomination_ranked_once_by_its_unit"
            " on talents_nomination (round_id, unit_id, rank)",
            "drop index concurrently if exists nomination_ranked_once_by_its_unit",
        ),
    ]
