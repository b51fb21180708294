"""Bar codes for hand-held scanners: a scanner types what it reads, and Enter."""

from __future__ import annotations

from barcode.codex import Code128

#: Modules left white on either side, without which scanners do not find the bars.
QUIET = 10


def bars_svg(text: str) -> str:
    """``text`` as Code 128, one unit high and as many wide as it has modules; "" where it cannot be drawn.

    Drawn from the modules, not by the library: its pictures carry a document type, and sizes of their own.
    """
    if not text.isascii() or not text.isprintable():
        return ""
    (modules,) = Code128(text).build()
    bars = "".join(f"M{QUIET + place} 0h1v1h-1z" for place, bit in enumerate(modules) if bit == "1")
    width = len(modules) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 1" width="{width}" height="1"'
        f' preserveAspectRatio="none" shape-rendering="crispEdges"><path d="{bars}"/></svg>'
    )
