"""Where the system listens, and what it says when it cannot."""

import socket

import pytest

from scripts import network
from scripts.address import EVERYWHERE, Address


@pytest.fixture
def machine(monkeypatch):
    """A machine of which the environment says nothing, with two addresses on its network."""
    for name in ("HOST", "PORT", "HTTPS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("scripts.address.lan_addresses", lambda: ["192.168.1.7", "10.0.0.7"])
    return monkeypatch


def test_address_by_default_is_this_machine_only(machine):
    address = Address.from_environment()
    assert (address.host, address.public_url) == ("127.0.0.1", "http://localhost:8000")
    assert address.names == ["localhost", "127.0.0.1"]


def test_address_with_https_is_the_network_and_every_name_of_this_machine(machine):
    machine.setenv("HTTPS", "1")
    machine.setenv("PORT", "9443")
    address = Address.from_environment()
    assert address.host in EVERYWHERE
    assert (address.connect_to, address.public_url) == ("127.0.0.1", "https://192.168.1.7:9443")
    assert {"localhost", "127.0.0.1", socket.gethostname(), "192.168.1.7", "10.0.0.7"} == set(address.names)


def test_address_with_a_host_is_that_host_unencrypted(machine):
    machine.setenv("HOST", "10.0.0.7")
    address = Address.from_environment()
    assert (address.host, address.connect_to, address.public_url) == ("10.0.0.7", "10.0.0.7", "http://10.0.0.7:8000")


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_port_that_is_none_ends_with_an_example(machine, port):
    machine.setenv("PORT", port)
    with pytest.raises(SystemExit, match="make run PORT=8001"):
        Address.from_environment()


def test_port_in_use_ends_with_the_variable_that_moves_it():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is in use.*PORT={port + 1}"):
            network.require_free("127.0.0.1", port)


def test_port_free_passes():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    network.require_free("127.0.0.1", port)
