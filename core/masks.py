"""Personal data as those see it who need to recognise it, not to use it."""


def mask_mobile(mobile: str) -> str:
    """138****8000; whatever is too short to leave a gap is hidden whole."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) >= 11 else "*" * len(mobile)


def mask_name(name: str) -> str:
    """张*, for any length: the number of characters tells something too."""
    return f"{name[:1]}*" if name else ""


def mask_email(email: str) -> str:
    """w***@example.com"""
    local, at, domain = email.partition("@")
    return f"{local[:1]}***@{domain}" if at else "*" * len(email)


def mask_contact(contact: str) -> str:
    """A recipient of a message, of whichever kind."""
    return mask_email(contact) if "@" in contact else mask_mobile(contact)
