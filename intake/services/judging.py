"""Everything that is said of the rows of a batch: by the app that knows them, and of any cell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection

from intake.kinds import keys_of, kind_of, sheet_of
from intake.services.rows import CONTROLLED, ERROR, HIDDEN, UNUSABLE

if TYPE_CHECKING:
    from intake.kinds import Lines
    from intake.models import ImportBatch

OF_CELLS = """
    insert into intake_importfinding
      (batch_id, line, number, field, "column", code, severity, message)
    select %(batch)s, told.line, told.number, told.field, %(headings)s::jsonb ->> told.field,
      told.code, case when told.is_error then 'error' else 'warning' end,
      '第' || told.line || '行“' || (%(headings)s::jsonb ->> told.field) || '”：' || told.says
    from (
      select r.line, r.number, f.place,
        case when f.flag = %(hidden)s then %(leading)s else split_part(f.flag, ':', 2) end as field,
        case when f.flag = %(hidden)s then 'row-hidden'
          when starts_with(f.flag, %(unusable)s) then 'telephone-unreadable'
          when starts_with(f.flag, %(controlled)s) then 'cell-unseen-signs'
          else 'cell-in-error' end as code,
        starts_with(f.flag, %(controlled)s)
          or starts_with(f.flag, %(error)s) and split_part(f.flag, ':', 2) = any(%(required)s)
          as is_error,
        case when f.flag = %(hidden)s
            then '该行在表格里是隐藏的（可能被筛选掉了），打开表格的人看不到；请核对是否应当报送'
          when starts_with(f.flag, %(unusable)s)
            then '填写的不是完整的电话号码（可能按数字存放而丢了末几位），暂未采用；请核对后更正'
          when starts_with(f.flag, %(controlled)s)
            then '含有看不见的控制字符（多半是从其他系统复制带入的），请删去后更正'
          else '单元格显示的是“' || split_part(f.flag, ':', 3)
            || '”，公式没有算出结果，按空白处理；请填写数值或文字后更正' end as says
      from intake_importrow r
      cross join lateral unnest(r.flags) with ordinality as f(flag, place)
      where r.batch_id = %(batch)s and r.outcome = 'pending' and r.flags <> '{}'
        and (%(lines)s::int[] is null or r.line = any(%(lines)s::int[]))
        and (f.flag = %(hidden)s or starts_with(f.flag, %(error)s)
          or starts_with(f.flag, %(unusable)s) or starts_with(f.flag, %(controlled)s))
    ) told
    order by told.line, told.place
"""


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all); a register is judged as a whole."""
    sheet = sheet_of(batch)
    sheet.judge(batch, lines)
    form = sheet.form
    values = {
        "batch": batch.pk,
        "lines": None if lines is None or kind_of(batch).whole else list(lines),
        "hidden": HIDDEN,
        "error": ERROR,
        "unusable": UNUSABLE,
        "controlled": CONTROLLED,
        "leading": form.number or sheet.keys[0],
        "required": [
            *(column.key for column in form.columns if column.is_required),
            *keys_of(batch)[len(form.columns) :],
        ],
        "headings": json.dumps(batch.headings, ensure_ascii=False),
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_CELLS, values)
