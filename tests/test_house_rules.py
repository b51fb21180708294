"""The conventions a linter cannot see. Each failure names the file and the rule.

An exemption is a line in EXEMPT with its reason; the list may only shrink.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps

from config.layout import APPS
from workflow import jobs
from workflow.records.wording import WORDS, fields_of

ROOT = Path(__file__).resolve().parent.parent
HOUSES = (*APPS, "config")
SOURCES = [p for app in HOUSES for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts]
TESTS = list((ROOT / "tests").rglob("*.py"))
READING_ROOMS = {"views", "api", "selectors", "admin", "filters", "tables"}
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_MAKEFILE, LONGEST_CONFTEST = 400, 60, 60, 100
LONGEST_SETTINGS = 250
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "core", "misc", "mixins"}
SLOW_TO_IMPORT = {"typst", "openpyxl", "xlsxwriter", "chinese_calendar", "python_calamine", "docx"}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|⁂")

#: The rooms of an app; `docs/architecture.md` says what is in each.
ROOMS = {
    "__init__", "admin", "api", "apps", "documents", "facts", "filters", "forms", "imports",
    "management", "migrations", "models", "permissions", "readings", "rules", "selectors", "services",
    "tables", "tasks", "templatetags", "urls", "views", "workflow",
}  # fmt: skip
#: What one app alone is there for. A second app that needs the same gets it from this one.
OWN_ROOMS = {
    (
        "organizations",
        "names",
    ): "Chinese names sorted and found; rows keep the keys, so below models",
    ("organizations", "rights"): "what the application's role may do with a table; models say it",
    ("organizations", "roles"): "the roles that every app names",
    ("organizations", "scoping"): "who sees and holds what: the one place that knows",
    ("organizations", "standing_in"): "who counts as one person where an act takes two",
    ("organizations", "validity"): "in force on a day: for models, queries and SQL of every app",
    ("organizations", "validators"): "credit codes, which models check",
    ("workflow", "calendar"): "working days, for the deadlines of every app",
    ("workflow", "commands"): "the frame of every command",
    ("workflow", "corrections"): "the one way to put a row right",
    ("workflow", "jobs"): "leases and fences of background work",
    ("workflow", "notices"): "telling people in the portal",
    ("workflow", "queues"): "the shape in which apps hand their to-dos to the home page",
    ("workflow", "records"): "the append-only record and its proofs",
    ("workflow", "refusals"): "what a rule or the database says no to",
    ("workflow", "storage"): "files and secrets at rest",
    ("workflow", "texts"): "reading what people typed",
    ("workflow", "transitions"): "the arrows that every app's workflow is made of",
    ("intake", "commands"): "the command of every kind, made from its declaration",
    ("intake", "invoices"): "electronic invoices, read in a confined process without Django",
    ("intake", "kinds"): "what other apps declare their imports with",
    ("intake", "pictures"): "scans and photographs, looked at in a confined process without Django",
    ("intake", "spreadsheets"): "strangers' files, read in a confined process without Django",
    ("accounts", "receivers"): "what others' signals about logins put on record",
    ("policies", "library"): "the policy files, their schema and their stored editions",
    ("policies", "wording"): "what each item of a policy says to a person",
    ("portal", "demo"): "the demo data",
    ("portal", "frame"): "menu, icons and fields of every page",
    ("portal", "middleware"): "refusals that become pages",
}
#: Columns that only a transition or a step writes.
MOVED = {"state", "status"}
#: What answers whether somebody holds a role; asked only where it is said who may do what.
ROLE_QUESTIONS = {"holds_role", "holds_role_anywhere", "serves_at", "is_let_in"}
#: Where roles are looked up besides the room ``permissions``.
WHO_HOLDS_WHAT = {"organizations/scoping.py", "workflow/transitions.py"}

EXEMPT = {
    "config/settings/base.py": "the settings every other settings module starts from",
    "config/command_line.py": "local services are not installed in production",
    "config/first_data.py": "Django is set up before its models can be imported",
}


def name_of(path):
    return str(path.relative_to(ROOT))


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=name_of)


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def room_of(path):
    """The module or package directly inside an app that ``path`` belongs to."""
    return path.relative_to(ROOT).parts[1].removesuffix(".py")


@each(SOURCES + TESTS)
def test_modules_and_functions_stay_short(path):
    longest = LONGEST_CONFTEST if path == ROOT / "tests/conftest.py" else LONGEST_MODULE

    assert path.read_text(encoding="utf-8").count("\n") <= longest
    assert not [
        f.name for f in functions(tree_of(path)) if f.end_lineno - f.lineno >= LONGEST_FUNCTION
    ]


@each(SOURCES)
def test_modules_are_named_after_a_noun_of_the_house(path):
    assert path.stem not in NAMELESS or name_of(path) in EXEMPT


def test_every_app_has_the_same_rooms_and_one_of_its_own_has_a_reason():
    found = {(app, room_of(p)) for app in APPS for p in (ROOT / app).rglob("*.py")}
    own = {(app, room) for app, room in found if room not in ROOMS}

    assert own == set(OWN_ROOMS)
    assert {room for _, room in found if room in ROOMS} == ROOMS, "a room nobody lives in"


@each(SOURCES)
def test_imports_stand_at_the_top(path):
    inner = {
        name.split(".")[0]
        for function in functions(tree_of(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or node.names[0].name]
    }

    assert inner <= SLOW_TO_IMPORT or name_of(path) in EXEMPT


@each([p for p in SOURCES if READING_ROOMS & {p.stem, p.parent.name}])
def test_pages_lists_and_selectors_read_rows_only_through_visible_to(
    path,
):  # or those about oneself
    tree = tree_of(path)
    tied = {  # a subquery tied by OuterRef to a row that is itself scoped shows nothing new
        id(call.func)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and any(getattr(n, "id", "") == "OuterRef" for n in ast.walk(call))
    }
    reads = [
        f"{name_of(path)}:{n.lineno} .{n.attr}"
        for n in ast.walk(tree)
        if isinstance(n, ast.Attribute)
        and isinstance(n.value, ast.Attribute)
        and n.value.attr in {"objects", "_default_manager", "_base_manager"}
        and n.attr not in {"visible_to", "about", "none"}
        and id(n) not in tied
    ]

    assert reads == [] or name_of(path) in EXEMPT


@each(SOURCES)
def test_state_is_moved_only_by_a_transition_and_status_by_a_step(path):
    if name_of(path) == "workflow/transitions.py":
        return
    for node in ast.walk(tree_of(path)):
        stored = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        assert not (stored and node.attr in MOVED), node.lineno
        updated = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update"
        assert not (updated and MOVED & {k.arg for k in node.keywords}), node.lineno


@each(
    [
        p
        for p in SOURCES
        if "permissions" not in {p.stem, p.parent.name} and name_of(p) not in WHO_HOLDS_WHAT
    ]
)
def test_who_may_do_what_is_said_in_permissions(path):
    """Button, page, API, command and service ask the same function; nobody reckons with roles."""
    asked = [
        f"{node.lineno} {name}"
        for node in ast.walk(tree_of(path))
        if (name := getattr(node, "id", "") or getattr(node, "attr", "")) in ROLE_QUESTIONS
    ]

    assert asked == []


#: Roles held, and roles held in somebody's place.
READ_MEMBERSHIPS = {"organizations/scoping.py", "organizations/standing_in.py"}


@each([p for p in SOURCES if name_of(p) not in READ_MEMBERSHIPS])
def test_memberships_are_read_in_one_place(path):
    read = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Name) and node.id == "memberships_of"
    ]

    assert read == []


def test_what_is_put_on_record_has_a_code_of_its_own():
    """A code is declared once, in words of letters, and is what code reads of a record."""
    codes = [
        call.args[0].value
        for path in SOURCES
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in {"Event", "Transition"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]

    assert sorted(codes) == sorted(set(codes))
    assert [code for code in codes if not re.fullmatch(r"[a-z]+\.[a-z]+(-[a-z]+)*", code)] == []


@each(SOURCES)
def test_every_key_put_on_record_has_a_word_of_the_language(path):
    """A field of some model of the app, or a word said of all; else histories show the key itself."""
    asked = {path.relative_to(ROOT).parts[0], "organizations"} & set(apps.app_configs)
    models = [model for app in asked for model in apps.get_app_config(app).get_models()]
    fields = {name for m in models for name in fields_of(f"{m._meta.label_lower}:1")}
    said = [
        key
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.keyword) and node.arg in {"before", "after"}
        for key in getattr(node.value, "keys", ())
        if isinstance(key, ast.Constant)
    ]

    assert [
        f"{key.lineno} {key.value}" for key in said if key.value not in fields | set(WORDS)
    ] == []


@each(SOURCES)
def test_no_record_is_found_by_its_words(path):
    words = {"action", "action__startswith", "action__contains", "note__startswith"}
    found = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in {"filter", "exclude", "get"}
        and words & {keyword.arg for keyword in node.keywords}
    ]

    assert found == []


@each(SOURCES)
def test_what_the_database_refuses_is_put_into_words_in_one_way(path):
    """``refusing`` maps constraints to refusals; nobody else catches or reads database errors."""
    caught = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and node.type is not None
        and "IntegrityError" in ast.unparse(node.type)
    ]
    searched = re.findall(
        r"""["'] (?:not )?in str\((?:error|exception)\)""", path.read_text("utf-8")
    )

    assert (caught, searched) == ([], [])


@each([p for p in SOURCES if name_of(p) != "config/environment.py"])
def test_the_environment_is_read_in_one_module(path):
    if path.is_relative_to(ROOT / "config"):
        return  # what starts processes passes their environment on
    reads = [
        n.lineno
        for n in ast.walk(tree_of(path))
        if isinstance(n, ast.Attribute) and n.attr in {"environ", "getenv"}
    ]

    assert reads == []


def test_every_enqueued_job_is_known_to_the_workers():
    named = {
        call.args[0].value
        for path in SOURCES
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call)
        and (getattr(call.func, "id", "") or getattr(call.func, "attr", "")) == "enqueue"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }

    assert named <= set(jobs._WORKERS)
    assert jobs.RUN_TASK in current_app.tasks


def written_files():
    """Every text file of ours; what tools and runs leave behind stands in dotted folders or var."""
    for top in ROOT.iterdir():
        if top.name in {"var", "staticfiles", "htmlcov", "test-results"} or (
            top.name.startswith(".") and top.name != ".ci"
        ):
            continue
        for path in [top] if top.is_file() else top.rglob("*"):
            if (
                path.suffix in {".py", ".html", ".css", ".js", ".toml", ".md", ""}
                and path.is_file()
            ):
                yield path


def test_nothing_is_left_unfinished():
    found = [
        name_of(path)
        for path in written_files()
        if path != Path(__file__)
        and UNFINISHED.search(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []


def test_locks_pin_every_file_and_name_no_host():
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]

        assert "://" not in text
        assert "index-url" not in text
        assert all("==" in line and line.endswith("\\") for line in pinned)


def test_makefile_and_settings_stay_small():
    assert (ROOT / "Makefile").read_text(encoding="utf-8").count("\n") <= LONGEST_MAKEFILE
    settings = (ROOT / "config/settings/base.py").read_text(encoding="utf-8")
    assert settings.count("\n") <= LONGEST_SETTINGS


def test_every_make_target_explains_itself_in_one_line():
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    targets = [line for line in lines if re.match(r"^[a-z][a-z./-]*:", line)]

    assert [line for line in targets if not re.search(r"## .*[\u4e00-\u9fff]", line)] == []
