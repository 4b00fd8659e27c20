"""The console shows the row itself: nothing leaves."""

from notifications.channels.base import Outgoing


def send(outgoing: Outgoing) -> str:
    return ""
