from cases.models.case import Assignment, Case
from cases.models.closing import Closing, Reopening
from cases.models.rulings import Extension, Feedback, Objection
from cases.models.supplements import CaseFile, CaseSupplement
from cases.models.together import CaseLink, CommonDemand, CommonDemandCase, MergedCase, Merger
from cases.models.work import SavedFilter, Urging

__all__ = [
    "Assignment",
    "Case",
    "CaseFile",
    "CaseLink",
    "CaseSupplement",
    "Closing",
    "CommonDemand",
    "CommonDemandCase",
    "Extension",
    "Feedback",
    "MergedCase",
    "Merger",
    "Objection",
    "Reopening",
    "SavedFilter",
    "Urging",
]
