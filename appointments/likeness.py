"""How alike two Chinese texts are, by pairs of neighbouring characters: enough to put likely ones before a person."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

# Runs of characters that carry meaning; what stands between them parts words.
WORDS = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")


def pairs(text: str) -> set[str]:
    """用电增容 -> 用电, 电增, 增容; a Latin word or a number stands for itself."""
    found: set[str] = set()
    for word in WORDS.findall(text.lower()):
        if word.isascii():
            found.add(word)
        else:
            found.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
    return found


def likeness(a: set[str], b: set[str]) -> float:
    """0 for nothing in common, 1 for the same pairs (Dice)."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def rank_by_remit(demand: str, remits: Mapping[int, str]) -> list[int]:
    """Keys of the remits that share something with the demand, the best first.

    A pair that stands in many remits (服务, 工作) says little; a rare one says much.
    """
    remit_pairs = {key: pairs(remit) for key, remit in remits.items()}
    spread = Counter(pair for found in remit_pairs.values() for pair in found)
    asked = pairs(demand)
    scores = {key: _weight(asked & found, spread, len(remits)) for key, found in remit_pairs.items()}
    return sorted((key for key, score in scores.items() if score > 0), key=lambda key: (-scores[key], key))


def _weight(shared: Iterable[str], spread: Mapping[str, int], of: int) -> float:
    return sum(math.log((of + 1) / spread[pair]) for pair in shared)
