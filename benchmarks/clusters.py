"""Databases of a given size on the bench's own cluster, filled with set-wise SQL."""

from collections.abc import Iterable
from datetime import date

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from config.local_services.postgres import ADMIN, OWNER, LocalPostgres
from organizations.models import Organization, User
from organizations.roles import Role
from policies.library.editions import edition_in_force, load_library
from talents.models import SelectionRound
from talents.services.rounds import RoundPlan
from talents.workflow import called_round

REFERENCE_DAY = date(2026, 6, 30)
ROUND_CODE = "BENCH"
DISTRICTS, UNITS = 16, 500

PERSONS = """
INSERT INTO talents_person (name, name_pinyin, name_initials, identity_cipher, identity_digest,
    identity_mask, sex, birth_on, ethnicity, education, political_status, organization_id)
SELECT '职工' || g, 'zhigong' || g, 'zg', '\\x00', sha256(int8send(g)), '110199************', '1',
    date '1970-01-01' + (g * 7919 % 9000)::int, '汉族', '大专', '群众', units[1 + g % %(units)s]
FROM generate_series(1, %(rows)s::bigint) g,
    (SELECT array_agg(id ORDER BY id) units FROM organizations_organization WHERE kind = 'unit') u
"""
NOMINATIONS = """
INSERT INTO talents_nomination (round_id, person_id, unit_id, state, post, occupation, skill_level,
    certificate_number, honours_text, patents_count, apprentices_count, force_leading,
    force_practice, force_innovation, force_tackling, force_passing, row_number, handled_by,
    created_at, version)
SELECT %(round)s, id, organization_id, 'draft', '班组长', '焊工', '2', 'Y332211649709192555929',
    '首都劳动奖章', 3, 2,
    CASE WHEN id * 7919 % 1000 < 20 THEN '' ELSE '引领力：牵头攻关两项“卡脖子”工艺，形成企业标准' END,
    CASE WHEN id * 104729 % 1000 < 20 THEN '' ELSE '实践力：带徒五人均取得高级工证书' END,
    CASE WHEN id * 1299709 % 1000 < 20 THEN '' ELSE '创新力：主持关键工序改进三项' END,
    CASE WHEN id * 15485863 % 1000 < 20 THEN '' ELSE '攻关力：牵头攻关两项“卡脖子”工艺' END,
    CASE WHEN id % greatest(1, %(rows)s / 900) = 0 THEN '' ELSE '传承力：获国家专利两件' END,
    id, '{}', now(), 1
FROM talents_person ORDER BY id
"""
SEGMENTS = """
INSERT INTO talents_employment (person_id, nomination_id, start_month, end_month, is_frontline,
    employer, trade)
SELECT n.person_id, n.id, 24120 + n.id * 7919 % 97 + k * 31,
    CASE WHEN k = 2 AND n.id % 3 = 0 THEN NULL
         ELSE 24120 + n.id * 7919 % 97 + k * 31 + (n.id * 104729 + k * 17) % 43 END,
    true, '北京市大兴区建设集团有限公司', '焊工'
FROM talents_nomination n, generate_series(0, 2) k
ORDER BY n.id, k
"""
WITHOUT_HISTORY = "DELETE FROM talents_employment WHERE nomination_id %% 50 = 0"


def as_administrator(postgres: LocalPostgres, database: str) -> psycopg.Connection:
    return psycopg.connect(host=str(postgres.sockets), user=ADMIN, dbname=database, autocommit=True)


def empty(administrator: psycopg.Connection, tables: Iterable[str]) -> None:
    """Empty tables and what hangs on them: ledgers, which refuse it, are not asked meanwhile."""
    names = sql.SQL(", ").join(map(sql.Identifier, tables))
    administrator.execute("SET session_replication_role = replica")
    administrator.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
    administrator.execute("RESET session_replication_role")


def use(database: str) -> None:
    """Let Django's connection of this thread speak to that database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = database


def filled(postgres: LocalPostgres, rows: int) -> str:
    """A database with one open round of ``rows`` nominations, three segments each; made once."""
    name = f"bench_{rows}"
    with as_administrator(postgres, "postgres") as administrator:
        known = administrator.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount
        if known:
            return name
        print(f"  建立 {rows:,} 份推荐的数据库……")
        administrator.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(OWNER)
            )
        )
    use(name)
    call_command("migrate", verbosity=0)
    selection = _tree_and_round()
    with as_administrator(postgres, name) as administrator:
        administrator.execute("SET session_replication_role = replica")
        values = {"rows": rows, "units": UNITS, "round": selection.pk}
        for statement in (PERSONS, NOMINATIONS, SEGMENTS):
            administrator.execute(bound(statement, values))
        administrator.execute(WITHOUT_HISTORY.replace("%%", "%"))
        administrator.execute("VACUUM ANALYZE")
    return name


def bound(statement: str, values: dict[str, int]) -> str:
    """The numbers put in: a modulo sign would otherwise be taken for a parameter."""
    for key, value in values.items():
        statement = statement.replace(f"%({key})s", str(value))
    return statement


def _tree_and_round() -> SelectionRound:
    system = User.objects.system()
    since = {"valid_from": date(2000, 1, 1)}
    city = Organization.objects.create(
        code="BJ", name="北京市总工会", kind="city", path="/1/", **since
    )
    districts = Organization.objects.bulk_create(
        Organization(
            code=f"D{n}", name=f"第{n}区总工会", kind="district", parent=city,
            path=f"/1/{n + 2}/", **since,
        )
        for n in range(DISTRICTS)
    )  # fmt: skip
    Organization.objects.bulk_create(
        Organization(
            code=f"U{n}", name=f"第{n}公司", kind="unit", parent=districts[n % DISTRICTS],
            path=f"{districts[n % DISTRICTS].path}{n + 100}/", **since,
        )
        for n in range(UNITS)
    )  # fmt: skip
    staff = User.objects.create_user(
        "bench", password="bench", is_staff=True, owner_digest=b"bench"
    )
    staff.memberships.create(organization=city, role=Role.HANDLER, valid_from=since["valid_from"])
    load_library(actor=system)
    plan = RoundPlan(
        name="基准轮次",
        edition=edition_in_force("beijing-craftsman-selection-2024", REFERENCE_DAY),
        tier="beijing-great",
        year=2026,
        organizer=city,
        reference_day=REFERENCE_DAY,
    )
    return called_round(ROUND_CODE, plan, actor=system)[0]
