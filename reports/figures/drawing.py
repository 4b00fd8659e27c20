"""Small parts of a drawing in SVG: attributes only, no style and no script, so that the strictest page may hold it."""

from xml.etree import ElementTree

INK, SOFT, LINE, ACCENT, PAPER = "#16202b", "#4a5866", "#c3ccd5", "#0b5c73", "#ffffff"
# As the pages name them; the last one is where a server draws.
FONTS = "PingFang SC, HarmonyOS Sans SC, MiSans, Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"
SOLID, HATCHED, CROSSED, EMPTY = "solid", "hatched", "crossed", "empty"
TEXT = 12


class Drawing:
    """One chart. `key` stands before every name in it: several may share a page."""

    def __init__(self, key: str, width: int, height: int, *, title: str, summary: str) -> None:
        self.key = key
        self.root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {width} {height}",
                "width": str(width),
                "height": str(height),
                "role": "img",
                "aria-labelledby": f"{key}-title {key}-summary",
                "font-family": FONTS,
                "font-size": str(TEXT),
                "fill": INK,
            },
        )
        ElementTree.SubElement(self.root, "title", {"id": f"{key}-title"}).text = title
        ElementTree.SubElement(self.root, "desc", {"id": f"{key}-summary"}).text = summary
        self._patterns()

    def _patterns(self) -> None:
        """Told apart in print and without colour: lines one way, lines both ways."""
        where = ElementTree.SubElement(self.root, "defs")
        for name, path in ((HATCHED, "M-1 1l2-2M0 6l6-6M5 7l2-2"), (CROSSED, "M0 0l6 6M0 6l6-6")):
            named = {"id": f"{self.key}-{name}", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
            pattern = ElementTree.SubElement(where, "pattern", named)
            ElementTree.SubElement(pattern, "rect", {"width": "6", "height": "6", "fill": PAPER})
            ElementTree.SubElement(pattern, "path", {"d": path, "stroke": ACCENT, "stroke-width": "1.4"})

    def _add(self, tag: str, **attributes: object) -> ElementTree.Element:
        named = {name.rstrip("_").replace("_", "-"): _plain(value) for name, value in attributes.items()}
        return ElementTree.SubElement(self.root, tag, named)

    def text(self, x: float, y: float, words: str, **attributes: object) -> None:
        self._add("text", x=x, y=y, **attributes).text = words

    def line(self, x1: float, y1: float, x2: float, y2: float, **attributes: object) -> None:
        self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, **({"stroke": LINE} | attributes))

    def box(self, x: float, y: float, width: float, height: float, look: str) -> None:
        fills = {SOLID: ACCENT, EMPTY: PAPER}
        fill = fills.get(look, f"url(#{self.key}-{look})")
        self._add("rect", x=x, y=y, width=width, height=height, fill=fill, stroke=ACCENT, stroke_width=1.2)

    def number(self, x: float, y: float, words: str, look: str) -> None:
        """In the middle of a box: white on what is solid, on a patch of paper elsewhere."""
        if look != SOLID:
            half = len(words) * 3.8 + 3
            self.patch(x - half, y - 8, 2 * half, 16)
        self.text(x, y + 4.3, words, text_anchor="middle", fill=PAPER if look == SOLID else INK, font_weight=600)

    def patch(self, x: float, y: float, width: float, height: float) -> None:
        """Paper under what is written over something else."""
        self._add("rect", x=x, y=y, width=width, height=height, rx=2, fill=PAPER)

    def dot(self, x: float, y: float, radius: float, *, filled: bool) -> None:
        self._add("circle", cx=x, cy=y, r=radius, fill=ACCENT if filled else "none", stroke=ACCENT, stroke_width=1.6)

    def legend(self, x: float, y: float, entries: list[tuple[str, str]]) -> None:
        for look, words in entries:
            self.box(x, y - 10, 14, 12, look)
            self.text(x + 20, y, words)
            x += 20 + wide(words) + 18

    @property
    def svg(self) -> str:
        return ElementTree.tostring(self.root, encoding="unicode")


def wide(words: str, size: float = TEXT) -> float:
    """About how wide a line is: a Chinese character is as wide as high, a figure a little more than half."""
    return sum(size if ord(character) > 0x2E80 else 0.58 * size for character in words)


def _plain(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
