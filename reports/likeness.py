"""Which texts speak of the same thing: words, how rare each is (TF-IDF), and groups that are alike on average. [5.3]

Plain sums and dictionaries: a group can be explained by the words that bind it, which is what a person has to judge.
"""

import math
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from pathlib import Path
from sys import intern

import rjieba

Vector = dict[str, float]
# Words that stand in any demand: of the window and of the language, and where it is.
_LINES = (Path(__file__).parent / "stop_words.txt").read_text(encoding="utf-8").splitlines()
STOP_WORDS = frozenset(word for line in _LINES if not line.startswith("#") for word in line.split())
# A run of Chinese characters or of letters; figures say how much, not of what.
WORD = re.compile(r"[一-鿿]{2,}|[a-z]{2,}")
# A word that more than this share of the texts use tells nothing, once there are enough texts to say so.
COMMON_SHARE, FEW_TEXTS = 0.2, 100
# Texts are compared by their weightiest words, and each word leads to the latest texts that have it: so that the cost
# grows with the number of texts and not with its square.
KEY_WORDS, LATEST, NEIGHBOURS = 8, 40, 8
# What the same category (诉求领域) alone makes two texts alike: it helps, and joins nothing by itself.
SAME_KIND = 0.05
KIND = "@"
# The words that say what a group is about.
TERMS = 6


@dataclass(frozen=True)
class Group:
    """Places of the texts in the order given, how alike they are on average, and the words that bind them."""

    members: tuple[int, ...]
    alike: float
    terms: tuple[str, ...]
    # Each member's likeness to the others, in the order of `members`.
    closeness: tuple[float, ...]

    @property
    def central(self) -> int:
        """The one that is most like the others."""
        return max(zip(self.closeness, self.members, strict=True), key=lambda pair: (pair[0], -pair[1]))[1]


def words_of(text: str) -> list[str]:
    """Words of two characters and more, without those that stand in any demand. 招工难 counts as 招工, too."""
    found = (intern(word) for word in rjieba.cut_for_search(text.lower(), True) if WORD.fullmatch(word))
    return [word for word in found if word not in STOP_WORDS]


def vectors_of(texts: Iterable[Sequence[str]]) -> list[Vector]:
    """Each text's words, weighed by how seldom they are; of length 1. No words: empty."""
    counts = [Counter(words) for words in texts]
    spread = Counter(word for words in counts for word in words)
    limit = max(len(counts) * COMMON_SHARE, FEW_TEXTS * COMMON_SHARE)
    rarity = {word: math.log(1 + len(counts) / n) for word, n in spread.items() if 1 < n <= limit}
    return [_weighed(words, rarity) for words in counts]


def _weighed(words: Mapping[str, int], rarity: Mapping[str, float]) -> Vector:
    found = {word: (1 + math.log(n)) * rarity[word] for word, n in words.items() if word in rarity}
    length = math.sqrt(sum(weight * weight for weight in found.values()))
    return {word: weight / length for word, weight in found.items()}


def _of_kind(vector: Vector, kind: str) -> Vector:
    """Still of length 1, a part of it being the category."""
    if not vector or not kind:
        return vector
    rest = math.sqrt(1 - SAME_KIND)
    return {word: weight * rest for word, weight in vector.items()} | {KIND + kind: math.sqrt(SAME_KIND)}


def likeness(a: Vector, b: Vector) -> float:
    """0 for nothing in common, 1 for the same words (the cosine)."""
    if len(a) > len(b):
        a, b = b, a
    return sum(weight * b[word] for word, weight in a.items() if word in b)


def pairs_of(vectors: Sequence[Vector], threshold: float) -> Iterator[tuple[float, int, int]]:
    """Texts that are alike enough, each with at most so many earlier ones: (how alike, earlier, later)."""
    holders: dict[str, deque[tuple[int, float]]] = defaultdict(lambda: deque(maxlen=LATEST))
    for place, vector in enumerate(vectors):
        shared: dict[int, float] = defaultdict(float)
        for word in nsmallest(KEY_WORDS, vector, key=lambda word: (-vector[word], word)):
            weight = vector[word]
            for other, its_weight in holders[word]:
                shared[other] += weight * its_weight
            holders[word].append((place, weight))
        for other in nlargest(NEIGHBOURS, shared, key=lambda other: (shared[other], other)):
            score = likeness(vector, vectors[other])
            if score >= threshold:
                yield score, other, place


class _Groups:
    """Grown from the most alike pairs on: two groups become one while all their texts are alike on average.

    Of vectors of length 1 the sum tells the average: all pairs of A and B together are the product of their sums.
    """

    def __init__(self, vectors: Sequence[Vector]) -> None:
        self.vectors = vectors
        self.of = list(range(len(vectors)))
        self.members: dict[int, list[int]] = {}
        self.sums: dict[int, Vector] = {}

    def join(self, a: int, b: int, threshold: float) -> None:
        a, b = self.of[a], self.of[b]
        if a == b:
            return
        ours, theirs = self._members(a), self._members(b)
        if likeness(self._sum(a), self._sum(b)) / (len(ours) * len(theirs)) < threshold:
            return
        if len(ours) < len(theirs):
            a, b, ours, theirs = b, a, theirs, ours
        whole = self.sums.setdefault(a, dict(self.vectors[a]))
        for word, weight in self._sum(b).items():
            whole[word] = whole.get(word, 0.0) + weight
        for member in theirs:
            self.of[member] = a
        self.members[a] = [*ours, *theirs]
        self.members.pop(b, None)
        self.sums.pop(b, None)

    def _members(self, key: int) -> list[int]:
        return self.members.get(key, [key])

    def _sum(self, key: int) -> Vector:
        return self.sums.get(key, self.vectors[key])

    def found(self) -> Iterator[Group]:
        for key, members in self.members.items():
            yield self._group(sorted(members), self.sums[key])

    def _group(self, members: list[int], whole: Vector) -> Group:
        others = len(members) - 1
        closeness = [(likeness(self.vectors[one], whole) - 1) / others for one in members]
        users = Counter(word for one in members for word in self.vectors[one])
        # A word of one text alone binds nothing.
        shared = {word: n for word, n in users.items() if n > 1 and not word.startswith(KIND)}
        terms = sorted(_whole_words(shared), key=lambda word: (-whole[word], word))[:TERMS]
        return Group(tuple(members), sum(closeness) / len(members), tuple(terms), tuple(closeness))


def _whole_words(users: Mapping[str, int]) -> list[str]:
    """Without parts of a longer word that as many use: 应收账款, not 应收 beside it."""
    return [
        word
        for word, n in users.items()
        if not any(word != other and word in other and m >= n for other, m in users.items())
    ]


def groups_of(texts: Sequence[tuple[str, str]], threshold: float) -> list[Group]:
    """Of texts, each with its category, those that speak of the same thing: the largest group first, of two at least.

    What is like nothing else stands in none.
    """
    vectors = vectors_of(words_of(text) for text, _kind in texts)
    vectors = [_of_kind(vector, kind) for vector, (_text, kind) in zip(vectors, texts, strict=True)]
    groups = _Groups(vectors)
    for _score, one, other in sorted(pairs_of(vectors, threshold), key=lambda pair: (-pair[0], pair[1:])):
        groups.join(one, other, threshold)
    return sorted(groups.found(), key=lambda group: (-len(group.members), group.members))
