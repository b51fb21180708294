"""Attacks on who serves where: the three administrators, persons of accounts, stand-ins."""

from tests.attacks.attack import APP, NO_RIGHT, Attack


def attacks(database):
    separate = "membership_admins_are_separate"
    yield Attack(
        APP, f"organizations_membership.{separate}",
        "insert into organizations_membership (user_id, organization_id, role, valid_from)"
        " select user_id, organization_id, 'finance', current_date from organizations_membership"
        " where role = 'audit_admin'", "JX002", separate,
    )  # fmt: skip
    yield Attack(
        APP, "organizations_user.user_owner_stays",
        "update organizations_user set owner_digest = '\\x02' where owner_digest is not null",
        "JX002", "user_owner_stays",
    )  # fmt: skip
    yield Attack(
        APP, "organizations_membership.membership_holder_is_known",
        "insert into organizations_membership (user_id, organization_id, role, valid_from)"
        " select u.id, o.id, 'finance', current_date from organizations_user u,"
        " organizations_organization o where u.owner_digest is null limit 1",
        "JX002", "membership_holder_is_known",
    )  # fmt: skip
    lent = (
        "insert into organizations_membership"
        " (user_id, organization_id, role, valid_from, valid_until, stands_for_id, reason)"
        " select other.user_id, m.organization_id, {role}, current_date, {until}, m.id, {reason}"
        " from organizations_membership m, organizations_membership other"
        " where m.role = 'finance' and m.stands_for_id is null and m.valid_until is null"
        " and other.role = 'handler' and other.user_id <> m.user_id limit 1"
    )
    for role, until, reason, code, control in (
        ("'approver'", "current_date + 1", "'出差'", "JX002", "delegation_follows_its_source"),
        ("m.role", "null", "'出差'", "23514", "delegation_is_dated_and_reasoned"),
        ("m.role", "current_date + 1", "''", "23514", "delegation_is_dated_and_reasoned"),
    ):
        yield Attack(
            APP, f"organizations_membership.{control}",
            lent.format(role=role, until=until, reason=reason), code, control,
        )  # fmt: skip
    outlasting = (
        "from organizations_membership lent join organizations_membership source"
        " on source.id = lent.stands_for_id where lent.valid_until > source.valid_until"
    )
    yield Attack(
        APP, "organizations_membership.delegation_ends_with_its_source",
        lent.format(role="m.role", until="current_date + 9", reason="'出差'")
        + "; update organizations_membership set valid_until = current_date + 3"
        " where id in (select stands_for_id from organizations_membership)",
        then=f"select not exists (select 1 {outlasting}) and exists"
        " (select 1 from organizations_membership where stands_for_id is not null)",
    )  # fmt: skip
    for column, value in (("role", "'security_admin'"), ("user_id", "1"), ("organization_id", "1"),
                          ("valid_from", "'2000-01-01'"), ("stands_for_id", "null"),
                          ("reason", "'x'")):  # fmt: skip
        yield Attack(
            APP, "organizations_membership.UPDATE",
            f"update organizations_membership set {column} = {value}", NO_RIGHT,
        )  # fmt: skip
