"""A matrix of verbs, a row at a time: each verb is tried on the same object from the same start, and undone.

Bringing an object to its start costs more than the verbs do; one test for each cell would pay it for every cell.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from core.errors import Refused

FORBIDDEN = "forbidden"
Act = Callable[[Any], Any]


def outcome(row: models.Model, act: Act) -> str:
    """The status that `act` leads to, or the code of the refusal, which must have changed nothing."""
    manager = type(row)._default_manager
    before = manager.values().get(pk=row.pk)
    with transaction.atomic():
        try:
            act(manager.get(pk=row.pk))
        except (Refused, PermissionDenied) as refusal:
            assert manager.values().get(pk=row.pk) == before
            return refusal.code if isinstance(refusal, Refused) else FORBIDDEN
        finally:
            after = manager.values_list("status", flat=True).get(pk=row.pk)
            transaction.set_rollback(True)
    return str(after)


def outcomes(row: models.Model, acts: Mapping[str, Act]) -> dict[str, str]:
    return {name: outcome(row, act) for name, act in acts.items()}
