"""Attacks on rosters: one person in two rooms at once, by a new line or by a class moved."""

from tests.attacks.attack import APP, Attack
from tests.attacks.generated import COLUMNS, copied

SEAT = "(select min(id) from academies_enrolment)"
HERE = f"(select training_class_id from academies_enrolment where id = {SEAT})"
FILLED = "hours = 13 * (ends_on - starts_on + 1), form = 'offline'"


def attacks(database):
    says = "two_rooms_at_once"
    fill = f"update academies_trainingclass set {FILLED} where id = {HERE}"
    beside = "academies_enrolment.enrolment_is_in_one_room"
    yield Attack(APP, beside, f"{fill}; {_second(database, 'offline')}", "JX023", says)
    moved = f"{fill}; {_second(database, 'online')}; update academies_trainingclass set {FILLED} where number = 'zz'"
    keeps = "academies_trainingclass.class_keeps_its_people_in_one_room"
    yield Attack(APP, keeps, moved, "JX023", says)


def _second(database, form):
    """The same class again in another room, with the same person."""
    of, seat = (
        dict(database.execute(COLUMNS, [table]).fetchall())
        for table in ("academies_trainingclass", "academies_enrolment")
    )
    room = copied(
        database, "academies_trainingclass", of, where=f"id = {HERE}",
        replaced={"id": "id + 1000", "number": "'zz'", "room": "'z'", "form": f"'{form}'"},
    )  # fmt: skip
    line = copied(
        database, "academies_enrolment", seat, where=f"id = {SEAT}",
        replaced={"id": "id + 1000", "training_class_id": "training_class_id + 1000"},
    )  # fmt: skip
    return f"{room}; {line}"
