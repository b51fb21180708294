"""Signs that nobody sees: no text that enters holds one, whichever way it comes in.

Forms, the interface and cells of files ask here; what stands in the record is guarded by the database.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

#: Tabs and line ends may stand in a text.
CONTROL_CHARACTERS = r"[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]"
CONTROL = re.compile(CONTROL_CHARACTERS)
CODE = "control-characters"
MESSAGE = "文字中含有看不见的控制字符（多半是粘贴带入的），请删去后重新填写"


def refuse_controls(value: Any) -> None:
    """The validator of every field that takes text (``pages.apps``)."""
    if isinstance(value, str) and CONTROL.search(value):
        raise ValidationError(MESSAGE, CODE)
