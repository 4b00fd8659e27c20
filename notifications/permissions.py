"""Who may, about messages."""

GRANTS = {
    role: {"notifications.view_message", "notifications.send_again"}
    for role in ("bureau_staff", "bureau_supervisor", "window_clerk")
} | {role: {"notifications.view_message"} for role in ("inspector", "inspection_approver")}
