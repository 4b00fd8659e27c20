"""When the virtual environment is made anew, and what is said when something cannot be installed."""

import pytest

from scripts import debian, environment


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    for name in environment.BASE:
        (tmp_path / name).write_text("one==1\n")
    return tmp_path


def test_fingerprint_changes_with_a_requirement(project):
    before = environment.fingerprint(environment.BASE)
    assert environment.fingerprint(environment.BASE) == before
    (project / "requirements.txt").write_text("one==2\n")
    assert environment.fingerprint(environment.BASE) != before


def test_fingerprint_changes_with_the_place(project, monkeypatch):
    before = environment.fingerprint(environment.BASE)
    monkeypatch.setattr(environment, "VENV", project / "elsewhere")
    assert environment.fingerprint(environment.BASE) != before


def test_package_that_we_may_not_install_is_named_with_the_command(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="sudo apt-get install --yes --no-install-recommends redis-server"):
        debian.install(["redis-server"])


def test_nothing_missing_asks_for_nothing(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    debian.install([])
