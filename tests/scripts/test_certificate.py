"""The certificate of HTTPS=1 is kept while it fits, and its authority for good."""

import json

import pytest

from scripts.certificate import certificate

NAMES = ["localhost", "127.0.0.1"]


@pytest.fixture
def made(tmp_path):
    return certificate(tmp_path, NAMES)


def test_certificate_with_the_same_names_is_kept(made, tmp_path):
    before = made.chain.read_bytes()
    assert certificate(tmp_path, NAMES).chain.read_bytes() == before


def test_certificate_with_other_names_is_new_under_the_same_authority(made, tmp_path):
    chain, authority = made.chain.read_bytes(), made.authority.read_bytes()
    renewed = certificate(tmp_path, [*NAMES, "192.168.1.7"])
    assert renewed.chain.read_bytes() != chain
    assert renewed.authority.read_bytes() == authority


def test_certificate_near_its_end_is_renewed(made, tmp_path):
    before = made.chain.read_bytes()
    (tmp_path / "server.json").write_text(json.dumps({"names": NAMES, "until": "2020-01-01"}))
    assert certificate(tmp_path, NAMES).chain.read_bytes() != before


def test_certificate_keys_are_readable_by_their_owner_only(made, tmp_path):
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")} == {0o600}
