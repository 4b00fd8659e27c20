"""From a violated constraint to the name and the sentence that its model gave it."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.db import IntegrityError
from django.db.models import Model, UniqueConstraint
from django.utils.translation import gettext as _

from core.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?P<columns>.+)")
_SQLITE_NAMED = re.compile(r"(?:CHECK constraint failed: |index ')(?P<name>\w+)")


def violated(error: IntegrityError) -> str:
    """The constraint's name, the same on both databases; "" when it is none of ours.

    A unique column without a named constraint answers "table.column".
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        return _postgres_name(diagnosis.table_name or "", diagnosis.constraint_name or "")
    text = str(error)
    if named := _SQLITE_NAMED.search(text):
        return named["name"]
    if unique := _SQLITE_UNIQUE.search(text):
        return _sqlite_name(unique["columns"].split(", "))
    return ""


def _postgres_name(table: str, name: str) -> str:
    for model in apps.get_models():
        if model._meta.db_table != table:
            continue
        if any(constraint.name == name for constraint in model._meta.constraints):
            return name
        for field in model._meta.concrete_fields:
            if field.unique and name.startswith(f"{table}_{field.column}_"):
                return f"{table}.{field.column}"
    return name


def _sqlite_name(columns: list[str]) -> str:
    """SQLite names the columns of a violated unique index, not the index."""
    table = columns[0].split(".")[0]
    wanted = {column.split(".")[1] for column in columns}
    for model in apps.get_models():
        if model._meta.db_table != table:
            continue
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and _columns(model, constraint) == wanted:
                return constraint.name
    return columns[0]


def _columns(model: type[Model], constraint: UniqueConstraint) -> set[str | None]:
    return {field.column for field in model._meta.concrete_fields if field.name in constraint.fields}


def sentence_of(name: str) -> Any:
    """What people are told of a rule by the name that `violated` gives; None where nobody wrote a sentence."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return constraint.violation_error_message
        if name.startswith(f"{model._meta.db_table}."):
            return _("%s刚刚已经登记。请刷新页面后查看。") % model._meta.verbose_name
    return None


def last_line(verb: Callable[P, R]) -> Callable[P, R]:
    """What only a constraint stopped, past every look and lock, is told as its sentence: refuses `overtaken`."""

    @wraps(verb)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return verb(*args, **kwargs)
        except IntegrityError as error:
            sentence = sentence_of(violated(error))
            if sentence is None:
                raise
            raise Refused("overtaken", sentence) from error

    return told
