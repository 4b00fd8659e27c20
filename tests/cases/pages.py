"""What the tests of the working pages share: a page as words, a page as it was sent, and a form that is pressed."""

import re
from typing import Any

from django.test import Client

from core.models import User

INBOX, SUPERVISION, URGE = "/console/cases/inbox/", "/console/cases/supervision/", "/console/cases/urge/"
FILTERS, FRONT = "/console/cases/filters/", "/console/"
# What a page asks, whatever there is: held at one and three rows, and among 200,000 cases.
LIST_QUERIES, INBOX_QUERIES, SUPERVISION_QUERIES = 7, 9, 17


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


def source(user: User, path: str, **query: Any) -> str:
    answer = signed_in(user).get(path, query)
    assert answer.status_code == 200, path
    return answer.content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page(user: User, path: str, **query: Any) -> str:
    return words(source(user, path, **query))


def section(user: User, path: str, name: str, **query: Any) -> str:
    """The words of one section of a page."""
    return words(source(user, path, **query).partition(f'id="{name}"')[2].partition("</section>")[0])
