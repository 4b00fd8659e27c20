"""What in a text might tell which enterprise or person it is about: nothing of that is published. [5.4]

Pure functions on text. A text is read as people read it: full width and half width, capitals, blanks and signs inside
a name or a number, and Chinese digits make no difference. What is certain is strict; what a person must judge is not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.identifying_words import CALLED, CHINESE_DIGITS, LEGAL_FORMS, PLACES, SURNAMES, TRADES

MASK = "＊"
# A name of one character would be found everywhere.
CHARACTERS_MIN = 2
# What parts the people of one line for certain, and what may stand in a name as well: 张三和李四, 李和平; 陈 静.
BETWEEN_PEOPLE, PERHAPS_BETWEEN = re.compile(r"[、，,；;/|()（）\r\n\t]+"), re.compile(r"[和与及 　]+")
# Numbers that lie apart in a list are not one number.
BREAKS = frozenset("、,;。:|")
HYPHENS = frozenset("-‐‑‒–—―－−")


class Kind(models.TextChoices):
    ENTERPRISE = "enterprise", _("企业名称")
    OTHER = "other", _("其他企业的名称")
    PERSON = "person", _("企业人员姓名")
    PHONE = "phone", _("电话号码")
    DOCUMENT = "document", _("身份证号码或信用代码")
    EMAIL = "email", _("邮箱")
    REFERENCE = "reference", _("预约编号")
    ADDRESS = "address", _("详细地址")
    PIECE = "piece", _("企业名称中的字")
    HOUSE = "house", _("楼栋或房号")
    TITLE = "title", _("姓氏加称谓")


# A person may find that these tell nothing; the others never pass.
SOFT = frozenset({Kind.PIECE, Kind.HOUSE, Kind.TITLE})

LINE = re.compile(r"1[3-9]\d{9}|0[1-9]\d{8,10}")
# Seven digits and more that count nothing, a date and two years excepted.
LONG_NUMBER = re.compile(r"(?<!\d)\d{7,}(?!\d)(?![元万亿千百十吨平公米度瓦㎡%]|k|m)")
DATE_OR_YEARS = re.compile(r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3(?:0|1))|(?:19|20)\d\d)")
DOCUMENT = re.compile(r"\d{17}[\dx]|[0-9a-hj-npqrtuwxy]{2}\d{6}[0-9a-hj-npqrtuwxy]{10}")
EMAIL = re.compile(r"[a-z0-9._+-]+(?:@|\(at\)|\[at\])[a-z0-9-]+(?:\.[a-z0-9-]+)+")
REFERENCE = re.compile(r"(?<!\d)\d{2}-\d{1,2}-[0-9a-z]{5}(?![0-9a-z])")
ADDRESS = re.compile(r"[路街巷道村]第?[0-9〇零一二三四五六七八九十百]+号")
HOUSE = re.compile(r"[0-9一二三四五六七八九十]+(?:号楼|栋|幢|单元|室)")
NUMERAL = re.compile(r"第?[0-9一二三四五六七八九十]+")
TITLE = re.compile(
    rf"[{SURNAMES}](?:老板|先生|女士|小姐|董事长|厂长|老总|会计|经理|总经理|总(?![量体数结额计理部局队工会装之是共需成]))"
)


@dataclass(frozen=True)
class Finding:
    """Something that was found in a field, in the words in which it stands there."""

    field: str
    kind: Kind
    words: str
    start: int
    end: int

    @property
    def strict(self) -> bool:
        return self.kind not in SOFT


@dataclass(frozen=True)
class Identity:
    """By what a case's enterprise is known: its names, its people, numbers and codes."""

    names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """A text without what does not count, and where each character of it stood."""

    text: str
    places: tuple[int, ...]

    def digits(self) -> "View":
        return View(self.text.translate(CHINESE_DIGITS), self.places)

    def spans(self, found: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """From places here to places in the text itself."""
        for start, end in found:
            yield self.places[start], self.places[end - 1] + 1


def view(text: str, keep: Callable[[str], bool]) -> View:
    kept = []
    for at, typed in enumerate(text):
        for char in unicodedata.normalize("NFKC", "〇" if typed == "○" else typed).casefold():
            char = "-" if char in HYPHENS else char
            if keep(char):
                kept.append((char, at))
    return View("".join(char for char, _at in kept), tuple(at for _char, at in kept))


def compact(text: str) -> View:
    """Letters, digits and characters only: how names are looked for, whatever stands between their characters."""
    return view(text, str.isalnum)


def without_blanks(text: str) -> View:
    return view(text, lambda char: unicodedata.category(char)[0] not in "ZC")


def in_parts(text: str) -> View:
    return view(text, lambda char: char.isalnum() or char in BREAKS)


def core_of(name: str) -> tuple[str, str]:
    """安宁永昌冶金设备有限公司 -> 永昌冶金设备, 永昌: without place and legal form, and without its trade as well.

    Where nothing of its own remains, what is left of the step before.
    """
    whole = compact(name).text
    bare = _stripped(whole, begins=PLACES, ends=(*LEGAL_FORMS, *PLACES))
    core = _stripped(bare, begins=(*TRADES, *PLACES), ends=(*TRADES, *LEGAL_FORMS, *PLACES))
    return bare, bare if NUMERAL.fullmatch(core) else core


def _stripped(word: str, *, begins: Iterable[str], ends: Iterable[str]) -> str:
    """Never below two characters."""
    while True:
        shorter = [word.removesuffix(end) for end in ends] + [word.removeprefix(begin) for begin in begins]
        fitting = [one for one in shorter if CHARACTERS_MIN <= len(one) < len(word)]
        if not fitting:
            return word
        word = min(fitting, key=len)


def pieces_of(core: str) -> set[str]:
    """A name of more than two characters is also said by two of them."""
    pairs = {core[at : at + 2] for at in range(len(core) - 1)} if len(core) > CHARACTERS_MIN else set()
    return {pair for pair in pairs if not pair.isdecimal()} - {*PLACES, *TRADES, *LEGAL_FORMS}


def people_in(said: str) -> set[str]:
    """张三、李和平（财务经理） -> 张三, 李和平 and what 和 may part; without what they are in their enterprise."""
    parts = [part for part in BETWEEN_PEOPLE.split(said) if part]
    parts += [name for part in parts for name in PERHAPS_BETWEEN.split(part)]
    names = {_stripped(compact(part).text, begins=CALLED, ends=CALLED) for part in parts}
    return {name for name in names if len(name) >= CHARACTERS_MIN} - {*CALLED}


def find(texts: Mapping[str, str], identity: Identity, others: Iterable[str] = ()) -> list[Finding]:
    """What tells who it is, field by field, in the order of the text; `others`: names of other enterprises."""
    known = {
        Kind.ENTERPRISE: _folded(part for name in identity.names for part in (name, *core_of(name))),
        Kind.OTHER: _folded(others),
        Kind.PERSON: _folded(identity.people),
        Kind.EMAIL: _folded(identity.emails),
        Kind.REFERENCE: _folded(identity.references),
        Kind.PIECE: {piece for name in identity.names for piece in pieces_of(core_of(name)[1])},
    }
    numbers = {Kind.PHONE: _folded(identity.phones), Kind.DOCUMENT: _folded(identity.codes)}
    found = []
    for field, text in texts.items():
        seen = compact(text)
        spans = [*_known_in(seen, known), *_known_in(seen.digits(), numbers), *_patterns_in(text)]
        found += [Finding(field, kind, text[start:end], start, end) for kind, (start, end) in _outer(spans)]
    return found


def masked(text: str, identity: Identity) -> str:
    """The text with what is strict covered: for a page on which nobody needs it."""
    for finding in find({"": text}, identity):
        if finding.strict:
            text = text[: finding.start] + MASK * (finding.end - finding.start) + text[finding.end :]
    return text


Spans = Iterator[tuple[Kind, tuple[int, int]]]


def _folded(words: Iterable[str]) -> set[str]:
    return {word for word in (compact(word).text for word in words) if len(word) >= CHARACTERS_MIN}


def _known_in(seen: View, known: Mapping[Kind, set[str]]) -> Spans:
    for kind, words in known.items():
        for word in words:
            yield from ((kind, span) for span in seen.spans(_all(word, seen.text)))


def _all(word: str, text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in re.finditer(re.escape(word), text))


def _patterns_in(text: str) -> Spans:
    plain, numbers, signs = compact(text), in_parts(text).digits(), without_blanks(text)
    # A date with its hyphens is no telephone number.
    long = (match for match in LONG_NUMBER.finditer(numbers.text) if not DATE_OR_YEARS.fullmatch(match.group()))
    tried = (
        (Kind.DOCUMENT, numbers, DOCUMENT.finditer(numbers.text)),
        (Kind.PHONE, numbers, LINE.finditer(numbers.text)),
        (Kind.PHONE, numbers, long),
        (Kind.EMAIL, signs, EMAIL.finditer(signs.text)),
        (Kind.REFERENCE, signs, REFERENCE.finditer(signs.text)),
        (Kind.ADDRESS, plain, ADDRESS.finditer(plain.text)),
        (Kind.HOUSE, plain, HOUSE.finditer(plain.text)),
        (Kind.TITLE, plain, TITLE.finditer(plain.text)),
    )
    for kind, seen, matches in tried:
        yield from ((kind, span) for span in seen.spans(match.span() for match in matches))


def _outer(spans: Iterable[tuple[Kind, tuple[int, int]]]) -> list[tuple[Kind, tuple[int, int]]]:
    """In order, without what lies inside another finding that weighs as much: a name is told once."""
    ordered = sorted(set(spans), key=lambda found: (found[0] in SOFT, found[1][0], -found[1][1]))
    kept: list[tuple[Kind, tuple[int, int]]] = []
    for kind, (start, end) in ordered:
        if not any(first <= start and end <= last for _kind, (first, last) in kept):
            kept.append((kind, (start, end)))
    return sorted(kept, key=lambda found: found[1])
