"""The history of a row, as simple_history keeps it, at less cost."""

from functools import cache
from typing import Any

from django.db.models import QuerySet
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords as StockRecords


class KeptManager(HistoryManager):
    """simple_history asks for its manager's class at each save, and Django would make it anew each time."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[QuerySet[Any]], class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class HistoricalRecords(StockRecords):
    def __init__(self, **options: Any) -> None:
        super().__init__(history_manager=KeptManager, **options)
