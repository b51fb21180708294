"""Cell addresses as people read them, and patterns for addresses beyond a bound."""

LETTERS = 26


def column_letters(index: int) -> str:
    """The letters of the column at ``index``, counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The inverse of ``column_letters``."""
    index = 0
    for letter in letters:
        index = index * LETTERS + ord(letter) - ord("A") + 1
    return index - 1


def address(line: int, index: int) -> str:
    """``B12`` for line 12 and column index 1."""
    return f"{column_letters(index)}{line}"


def beyond_column(count: int) -> str:
    """A pattern for the letters of any column after the first ``count``."""
    return _beyond(column_letters(count - 1), first="A", last="Z", longest=3)


def beyond_row(count: int) -> str:
    """A pattern for any row number greater than ``count``, up to nine digits."""
    return _beyond(str(count), first="0", last="9", longest=9)


def _beyond(bound: str, *, first: str, last: str, longest: int) -> str:
    """Texts longer than ``bound``, or as long and sorted after it."""
    choices = []
    for place, sign in enumerate(bound):
        if sign < last:
            rest = len(bound) - place - 1
            tail = f"[{first}-{last}]{{{rest}}}" if rest else ""
            choices.append(f"{bound[:place]}[{chr(ord(sign) + 1)}-{last}]{tail}")
    if len(bound) < longest:
        choices.append(f"[{first}-{last}]{{{len(bound) + 1},{longest}}}")
    return f"(?:{'|'.join(choices)})"
