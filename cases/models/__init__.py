from cases.models.case import Assignment, Case
from cases.models.rulings import Extension, Feedback, Objection
from cases.models.supplements import CaseFile, CaseSupplement

__all__ = ["Assignment", "Case", "CaseFile", "CaseSupplement", "Extension", "Feedback", "Objection"]
