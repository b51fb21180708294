"""Attacks on the rules of contests that no constraint can say."""

from tests.attacks.attack import APP, Attack
from tests.attacks.generated import COLUMNS, copied


def contested(database):
    """Marks fit their aspect, and stay once two have locked the item; a scheme makes up one hundred."""
    hundred = "scheme_makes_up_one_hundred"
    columns = dict(database.execute(COLUMNS, ["competitions_aspect"]).fetchall())
    copy = copied(database, "competitions_aspect", columns, {"id": "id + 1000", "code": "'Z9'"})
    yield Attack(
        APP, f"competitions_aspect.{hundred}", f"{copy}; set constraints {hundred} immediate",
        "JX007", hundred,
    )  # fmt: skip
    locked = "(select e.id from competitions_entry e join competitions_item i on i.id = e.item_id where i.state = 'locked')"
    mark = (
        "insert into competitions_mark (entry_id, aspect_id, seat, value, is_superseded, given_at)"
        " select entry_id, aspect_id, {seat}, {value}, true, now() from competitions_mark m"
        " join competitions_aspect a on a.id = m.aspect_id where m.seat = 1 and {which} limit 1"
    )
    fits, stays = "mark_fits_its_scheme", "mark_stays_once_locked"
    for seat, value, which in (
        (1, 41, f"a.method = 'measurement' and m.entry_id <> {locked}"),
        (1, 4, f"a.method = 'judgement' and m.entry_id <> {locked}"),
        (1, 1.5, f"a.method = 'judgement' and m.entry_id <> {locked}"),
        (4, 1, f"a.method = 'judgement' and m.entry_id <> {locked}"),
        (1, 1, f"m.entry_id = {locked}"),
    ):
        statement = mark.format(seat=seat, value=value, which=which)
        yield Attack(APP, f"competitions_mark.{fits}", statement, "JX007", fits)
    yield Attack(
        APP, f"competitions_mark.{stays}", f"delete from competitions_mark where entry_id = {locked}",
        "JX007", stays,
    )  # fmt: skip
    yield Attack(
        APP, "competitions_mark.mark_counts_once_locked",
        f"update competitions_mark set is_superseded = true where entry_id = {locked}",
        "JX007", "mark_counts_once_locked",
    )  # fmt: skip
