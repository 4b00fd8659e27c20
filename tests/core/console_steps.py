"""Steps in the console that its tests share."""

from django.test import Client

from core.models import User

LOGIN, INDEX = "/console/login/", "/console/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()
