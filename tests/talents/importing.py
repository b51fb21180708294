"""A round with units below its organizer, and workbooks handed in for it."""

from types import SimpleNamespace

from openpyxl import load_workbook

from intake import services as imports
from intake.models import ImportFinding
from intake.services import Upload
from organizations.models import Organization, User
from talents.imports import NOMINATIONS
from talents.imports.rounds import RoundSubject
from talents.models import Certificate, Employment, Nomination, Person, PersonCompletion
from tests.factories.organizations import OrganizationFactory, credit_code, with_child
from tests.factories.talents import RoundFactory
from tests.talents.rosters import Maker, Roster, as_xlsx

HEADINGS = (
    "序号", "姓名", "性别", "出生年月", "公民身份号码", "工作单位", "统一社会信用代码",
    "职业技能等级", "证书编号", "一线工作经历", "专利成果数", "推荐排序", "联系电话",
    "引领力", "实践力", "创新力", "攻关力", "传承力",
)  # fmt: skip
#: Whose career in the given workbook begins when they were children, by the number of the row.
BEGUN_AS_CHILDREN = [
    (row, "一线工作经历", "career-young") for row in (25, 52, 65, 68, 72, 78, 92, 96, 106)
]
SOUND = "110199197002262579"  # the first of the given workbook
OTHER_SOUND = "11019919650306201X"


def call_of_nominations():
    """An open round of a city with two districts and two units in each."""
    city = OrganizationFactory(kind=Organization.Kind.CITY, name="甲市总工会")
    selection = RoundFactory(organizer=city)
    districts = [with_child(city, "district", name=f"{word}区总工会") for word in "东西"]
    units = [
        with_child(district, "unit", name=f"{name}公司", uscc=credit_code("91", n))
        for n, (district, name) in enumerate(
            (district, f"{district.name[0]}{word}")
            for district in districts
            for word in ("一", "二（示例）")
        )
    ]
    return SimpleNamespace(round=selection, city=city, districts=districts, units=units)


def roster_for(call, seed, count, **options):
    units = [(unit.name, unit.uscc) for unit in call.units]
    return Maker(seed, units, **options).roster(count)


def sheet_of(call, *rows):
    """A workbook of hand-made rows: only what a test speaks of differs from a sound row."""
    unit = call.units[0]
    headings = [*HEADINGS, *sorted({name for row in rows for name in row} - set(HEADINGS))]
    made = []
    for number, differences in enumerate(rows, start=1):
        cells = {
            "序号": number, "姓名": "曾怡刚", "性别": "男", "出生年月": "1970年2月",
            "公民身份号码": SOUND, "工作单位": unit.name, "统一社会信用代码": unit.uscc,
            "职业技能等级": "技师", "证书编号": "Y332211649709192555929",
            "一线工作经历": "2010年1月至2012年6月 东一公司 钳工", "专利成果数": 3, "推荐排序": number,
            "联系电话": "12014699330",
            "引领力": "甲", "实践力": "乙", "创新力": "丙", "攻关力": "丁", "传承力": "戊",
        } | differences  # fmt: skip
        made.append([cells.get(name, "") for name in headings])
    groups = ["“工匠五力”情况" if name.endswith("力") else None for name in headings]
    return as_xlsx(Roster(headings, groups, made, [], []))


def upload_of(call, content, *, actor=None, organization=None, filename="汇总表.xlsx"):
    return Upload(
        content,
        filename,
        RoundSubject(call.round),
        organization or call.city,
        actor or User.objects.system(),
    )


def staged(call, content, **options):
    return imports.receive_whole(upload_of(call, content, **options), NOMINATIONS).batch


def committed(call, content, **options):
    batch = staged(call, content, **options)
    return imports.commit(batch.pk, actor=options.get("actor") or User.objects.system())


def stored():
    """How much stands in every table an import writes to."""
    models = (Person, Nomination, Employment, Certificate, PersonCompletion)
    return [model.objects.count() for model in models]


def faults(batch, severity="error"):
    """What was found, as (line number, column, code)."""
    rows = ImportFinding.objects.filter(batch=batch, severity=severity).order_by("line", "pk")
    numbers = [int(f.number) if f.number.isdigit() else 0 for f in rows]
    return [(n, f.column, f.code) for n, f in zip(numbers, rows, strict=True)]


def codes(call, **differences):
    """The codes, errors and warnings apart, of a workbook of one row."""
    batch = staged(call, sheet_of(call, differences))
    errors, warnings = faults(batch), faults(batch, "warning")
    return {code for *_, code in errors}, {code for *_, code in warnings}


def ranked_alike(workbook, refused):
    """The rows of the given workbook whose unit gave their rank to an earlier row that stands."""
    sheet = load_workbook(workbook).worksheets[0]
    seen, later = set(), []
    for cells in sheet.iter_rows(min_row=5, values_only=True):
        if not isinstance(cells[0], int) or cells[0] in {row for row, *_ in refused}:
            continue
        key = cells[9] or cells[8], cells[23]
        if cells[23] and key in seen:
            later.append(cells[0])
        seen.add(key)
    return later


def forces_missing(nomination):
    forces = ("leading", "practice", "innovation", "tackling", "passing")
    return sum(not getattr(nomination, f"force_{force}") for force in forces)
