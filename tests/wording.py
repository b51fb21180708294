"""What a page says to people: its text, and the attributes that a browser shows or reads out."""

import re
from html.parser import HTMLParser

SAID = frozenset({"title", "alt", "placeholder", "aria-label", "aria-description", "data-label",
                  "label", "summary", "content", "data-confirm"})  # fmt: skip
UNSEEN = frozenset({"script", "style", "template", "textarea"})
#: A word in Latin letters with whatever clings to it: of paths, codes and addresses, all of it.
FOREIGN = re.compile(r"[A-Za-z0-9_./:@-]*[A-Za-z][A-Za-z0-9_./:@+-]*")


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.said, self.hidden = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in UNSEEN:
            self.hidden.append(tag)
        names = SAID - (
            {"content"} if tag == "meta" and given.get("name") != "description" else set()
        )
        self.said += [given[name] for name in sorted(names & given.keys()) if given[name]]
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            self.said.append(given.get("value") or "")

    def handle_endtag(self, tag):
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()

    def handle_data(self, data):
        if not self.hidden:
            self.said.append(data)


def foreign_words(page):
    """The words of a page that are not Chinese, each with the text it stands in."""
    reader = _Reader()
    reader.feed(page)
    for text in reader.said:
        for found in FOREIGN.findall(text):
            yield found.strip("./:-"), " ".join(text.split())[:60]
