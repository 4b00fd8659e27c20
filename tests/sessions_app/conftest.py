"""A signed-in browser for each of the cast."""

import pytest
from django.test import Client

from tests.conftest import Cast
from tests.sessions_app.pages import Console


@pytest.fixture
def console(cast: Cast) -> Console:
    def signed_in(who: str) -> Client:
        client = Client()
        client.force_login(cast[who], backend="departments.backends.RoleBackend")
        return client

    return signed_in
