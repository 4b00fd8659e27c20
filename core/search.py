"""Finding text of two characters and more by pairs of neighbouring characters in a table, the same on both databases.

A row is known by a key that only its app understands, its texts by the part they belong to: who may not read a part
does not search in it. PostgreSQL's trigrams read the whole table for two characters, the length of most Chinese words.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from core.errors import Refused
from core.models import SearchGram, SearchText

WORDS_MAX, CHARACTERS_MAX = 5, 100
# Rarer than this is rare enough to start from: beyond it nobody counts.
COUNTED_AT_MOST = 1000
# So many pairs of a word are counted, and the rarest few of them are intersected; the rest is left to the whole word.
PAIRS_COUNTED, PAIRS_INTERSECTED = 12, 3
BATCH = 1000


def fold(text: str) -> str:
    """Full width and half width, capitals and small letters, are one: Ａ１ and a1."""
    once = unicodedata.normalize("NFKC", text.replace("\x00", "")).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split())


def grams_of(folded: str) -> list[str]:
    """用电增容 -> 用电, 电增, 增容; letters and digits alike; what is neither parts words. In order, each once."""
    runs = ("".join(run) for is_word, run in groupby(folded, key=str.isalnum) if is_word)
    return list(dict.fromkeys(a + b for run in runs for a, b in pairwise(run)))


def write(key: int, parts: Mapping[str, Iterable[str]], *, repair: bool = False) -> None:
    """Index a row's texts by part, in the transaction and under the lock that changed them. The only writer.

    Only what differs from the last time is written; `repair` trusts no earlier pair to be there.
    """
    texts = {part: "\n".join(filter(None, map(fold, said))) for part, said in parts.items()}
    with transaction.atomic(savepoint=False):
        rows = SearchText.objects.filter(part__in=texts, key=key)
        before = dict(rows.values_list("part", "text"))
        changed = {part: text for part, text in texts.items() if repair or before.get(part) != text}
        fresh = []
        for part, text in changed.items():
            had, has = set(grams_of(before.get(part, ""))), set(grams_of(text))
            if had - has:
                SearchGram.objects.filter(part=part, gram__in=had - has, key=key).delete()
            fresh += [SearchGram(part=part, gram=gram, key=key) for gram in (has if repair else has - had)]
        _put(SearchText(part=part, key=key, text=text) for part, text in changed.items())
        SearchGram.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)


def _put(texts: Iterable[SearchText]) -> None:
    SearchText.objects.bulk_create(texts, update_conflicts=True, unique_fields=["part", "key"], update_fields=["text"])


def find(query: str, parts: Sequence[str]) -> Collection[int] | QuerySet[Any, int]:
    """The keys of the rows in which every word of the query stands, each word in one of these parts. Two queries.

    Few are read at once, so that whoever lists them need not guess how many they are; many stay a query of their own.
    Refuses `too_short` for a word of one character, `too_long`.
    """
    keys, at_most = rows_of(query, parts)
    return set(keys) if at_most < COUNTED_AT_MOST else keys


def rows_of(query: str, parts: Sequence[str]) -> tuple[QuerySet[Any, int], int]:
    """The same as a query, the rarest pair of the rarest word first, and how many rows that pair has."""
    words = list(dict.fromkeys(map(fold, query.split())))
    if len(words) > WORDS_MAX or len(query) > CHARACTERS_MAX:
        raise Refused("too_long", _("一次最多查找 %(n)s 个词，请精简关键词。") % {"n": WORDS_MAX})
    pairs = {word: grams_of(word)[:PAIRS_COUNTED] for word in words}
    for word, found in pairs.items():
        if not found:
            raise Refused("too_short", _("“%s”太短，请输入两个以上的字、字母或数字查找。") % word)
    counted = _counts({pair for found in pairs.values() for pair in found}, parts)
    rarest = {word: sorted(found, key=lambda pair: counted[pair]) for word, found in pairs.items()}
    first, *others = sorted(words, key=lambda word: counted[rarest[word][0]])
    rows = _rows_with(first, rarest[first], parts)
    for word in others:
        rows = rows.filter(Exists(_rows_with(word, rarest[word], parts).filter(key=OuterRef("key"))))
    return rows.values_list("key", flat=True), counted[rarest[first][0]]


def _rows_with(word: str, rarest_first: list[str], parts: Sequence[str]) -> QuerySet[SearchGram]:
    first, *others = rarest_first[:PAIRS_INTERSECTED]
    rows = SearchGram.objects.filter(part__in=parts, gram=first)
    same = {"part": OuterRef("part"), "key": OuterRef("key")}
    for other in others:
        rows = rows.filter(Exists(SearchGram.objects.filter(gram=other, **same)))
    if word != first:  # of two characters the pair is the whole word
        rows = rows.filter(Exists(SearchText.objects.filter(text__contains=word, **same)))
    return rows


def _counts(grams: Iterable[str], parts: Sequence[str]) -> dict[str, int]:
    """In how many rows each pair stands, counted no further than matters: one query, a few index entries each."""
    asked, table = sorted(grams), connection.ops.quote_name(SearchGram._meta.db_table)
    places = ", ".join(["%s"] * len(parts))
    seen = f"SELECT 1 FROM {table} WHERE part IN ({places}) AND gram = %s LIMIT {COUNTED_AT_MOST}"  # noqa: S608 - no value
    select = ", ".join(f"(SELECT count(*) FROM ({seen}) AS seen)" for _gram in asked)  # noqa: S608 - the same
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {select}", [value for gram in asked for value in (*parts, gram)])
        return dict(zip(asked, cursor.fetchone(), strict=True))
