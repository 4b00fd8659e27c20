"""A row's history, asked for at each save."""

from core.models import User


def test_the_class_of_the_historys_manager_is_made_once() -> None:
    assert type(User.history) is type(User.history)
    assert User.history.model._meta.model_name == "historicaluser"
