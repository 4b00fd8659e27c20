"""Figures and bulletins for the leadership [3.10]. Nothing here yet; see docs/clauses.md."""
