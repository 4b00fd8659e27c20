"""The kinds of messages, as the apps that send them register them: what each may tell, with a sample for previews."""

import re
from dataclasses import dataclass
from typing import Any

Text = Any  # str, or a lazy translation
# A variable in a text that the bureau writes: {{company}}.
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
# Filled in only while sending; the values stand nowhere.
SECRETS = ("ticket", "checkin", "question", "rating", "code")
# Characters of an SMS, signature and all: alone, and in each part of a longer one.
SMS_SINGLE, SMS_PART = 70, 67


@dataclass(frozen=True)
class Variable:
    name: str
    label: Text
    sample: Text


@dataclass(frozen=True)
class Kind:
    """`name` is also the file of its words: templates/notices/<name>.txt."""

    name: str
    label: Text
    variables: tuple[Variable, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(variable.name for variable in self.variables)

    def samples(self) -> dict[str, str]:
        return {variable.name: str(variable.sample) for variable in self.variables}


kinds: dict[str, Kind] = {}


def register(*new: Kind) -> None:
    """Called once by each app that sends messages, while it is loaded."""
    kinds.update({kind.name: kind for kind in new})


def variables_in(text: str) -> list[str]:
    """The names in order of appearance, each once: the order in which a provider numbers them."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


def filled(text: str, values: dict[str, str]) -> str:
    """Values in place of their variables; links keep their placeholder until the message is sent."""
    return VARIABLE.sub(lambda match: values.get(match[1], f"{{{{{match[1]}}}}}"), text)


def unknown_variables(kind: str, text: str) -> list[str]:
    """Names in the text that this kind does not tell."""
    known = kinds[kind].names if kind in kinds else ()
    return [name for name in variables_in(text) if name not in known]


def sms_parts(length: int) -> int:
    """How many messages an SMS of this many characters is sent, and paid, as."""
    return 1 if length <= SMS_SINGLE else -(-length // SMS_PART)


def as_provider_writes(provider: str, text: str) -> str:
    """The wording as it is handed in for approval: ${company} with Aliyun, {1} with Tencent Cloud."""
    names = variables_in(text)
    if provider == "aliyun":
        return VARIABLE.sub(lambda match: f"${{{match[1]}}}", text)
    return VARIABLE.sub(lambda match: f"{{{names.index(match[1]) + 1}}}", text)
