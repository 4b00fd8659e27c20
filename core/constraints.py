"""From a violated constraint to the name and the sentence that its model gave it."""

import re

from django.apps import apps
from django.db import IntegrityError
from django.db.models import Model, UniqueConstraint

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
