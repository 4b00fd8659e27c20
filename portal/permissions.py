"""Who may, about what spans the chain."""

GRANTS = {role: {"portal.view_feedback", "portal.change_feedback"} for role in ("bureau_staff", "bureau_supervisor")}
