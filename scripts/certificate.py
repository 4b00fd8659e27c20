"""A certificate for this machine, from an authority of its own that a phone can be told to trust."""

import datetime
import json
import os
from dataclasses import dataclass
from pathlib import Path

import trustme

# Browsers refuse a server's certificate that is valid for longer.
VALID = datetime.timedelta(days=397)
RENEW = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Certificate:
    authority: Path
    chain: Path
    key: Path


def write_private(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def authority(folder: Path) -> trustme.CA:
    """Made once and kept: whoever trusted it need not do so again when the machine's address changes."""
    public, private = folder / "ca.pem", folder / "ca.key"
    if public.exists() and private.exists():
        return trustme.CA.from_pem(public.read_bytes(), private.read_bytes())
    made = trustme.CA(organization_name="Anning Clinic, this machine only")
    write_private(private, made.private_key_pem.bytes())
    public.write_bytes(made.cert_pem.bytes())
    return made


def still_good(description: Path, names: list[str], today: datetime.date) -> bool:
    if not description.exists():
        return False
    kept = json.loads(description.read_text())
    return kept["names"] == names and datetime.date.fromisoformat(kept["until"]) - today > RENEW


def certificate(folder: Path, names: list[str]) -> Certificate:
    """The kept certificate, or a new one when names changed or its end is near."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Certificate(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    now = datetime.datetime.now(datetime.UTC)
    description = folder / "server.json"
    if not (made.chain.exists() and made.key.exists() and still_good(description, names, now.date())):
        issued = authority(folder).issue_cert(*names, not_after=now + VALID)
        write_private(made.key, issued.private_key_pem.bytes())
        made.chain.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
        description.write_text(json.dumps({"names": names, "until": (now + VALID).date().isoformat()}))
    return made
