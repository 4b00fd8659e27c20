from cases.models.case import Assignment, Case
from cases.models.rulings import Extension, Feedback, Objection

__all__ = ["Assignment", "Case", "Extension", "Feedback", "Objection"]
