"""The second half of make run, inside the virtual environment: set up the data, start web and jobs, say where."""

import hashlib
import http.client
import os
import secrets
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit

from scripts.address import Address
from scripts.certificate import Certificate, certificate
from scripts.network import require_free
from scripts.shell import ROOT, exit_on_signals, run, say
from scripts.supervise import Supervisor
from scripts.welcome import welcome

KEYS = ("SECRET_KEY", "LINK_KEY")
MANAGE = [sys.executable, "manage.py"]


def prepare_folder(var: Path) -> None:
    """Personal data lies here, so nobody else looks in."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("broker", "broker-control", "cache", "files"):
        (var / name).mkdir(mode=0o700, exist_ok=True)


def prepare_keys(path: Path) -> None:
    """Two random keys, made once: sign-ins and the links that enterprises hold depend on them."""
    kept = path.read_text() if path.exists() else ""
    missing = [key for key in KEYS if f"{key}=" not in kept]
    if missing:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
            file.writelines(f"{key}={secrets.token_urlsafe(48)}\n" for key in missing)


def environment(var: Path, address: Address) -> dict[str, str]:
    """What the settings read. Anything the caller set himself stays as he set it."""
    defaults = {
        "VAR_DIR": str(var),
        "ENV_FILE": str(var / "embedded.env"),
        "STATIC_ROOT": str(ROOT / "staticfiles"),
        "PUBLIC_BASE_URL": address.public_url,
        "ALLOWED_HOSTS": ",".join([*address.names, "[::1]"]),
        "MESSAGES_TO_TERMINAL": "true",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    if os.geteuid() == 0:
        # In a container there often is nobody else; the only message format here is JSON.
        defaults["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    return defaults | {name: value for name, value in os.environ.items() if value}


def collect_static(env: dict[str, str]) -> None:
    """Several seconds of work, so only when a source or a package changed since it was last finished."""
    digest = hashlib.sha256()
    folders = [ROOT / "static", *sorted(ROOT.glob("*/static"))]
    sources = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in [ROOT / ".venv" / "base.stamp", ROOT / "anning_clinic" / "settings.py", *sources]:
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    root = Path(env["STATIC_ROOT"])
    stamp = root / ".collected"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        say("Collecting static files")
        stamp.unlink(missing_ok=True)
        run([*MANAGE, "collectstatic", "--noinput"], env, quiet=True)
        root.mkdir(exist_ok=True)
        stamp.write_text(digest.hexdigest())


def commands(address: Address, tls: Certificate | None) -> dict[str, list[str]]:
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4"]
    web += ["--host", address.host, "--port", str(address.port), "--log-level", "warning"]
    if tls:
        web += ["--ssl-certificate", str(tls.chain), "--ssl-keyfile", str(tls.key)]
    # One worker has nobody to exchange news with, and each piece of news would be a file on the broker.
    jobs = [sys.executable, "-m", "celery", "--app", "anning_clinic", "--quiet", "worker", "--beat"]
    jobs += [
        "--concurrency",
        "1",
        "--prefetch-multiplier",
        "1",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ]
    return {"web": [*web, "anning_clinic.wsgi:application"], "jobs": [*jobs, "--loglevel", "WARNING"]}


def answers(address: Address, tls: Certificate | None, host: str) -> bool:
    """The server is up, and over HTTPS with a certificate that our authority vouches for."""
    where, port = address.connect_to, address.port
    connection = http.client.HTTPConnection(where, port, timeout=2)
    if tls:
        trusted = ssl.create_default_context(cafile=str(tls.authority))
        connection = http.client.HTTPSConnection(where, port, timeout=2, context=trusted)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    exit_on_signals()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    address = Address.from_environment()
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
    prepare_folder(var)
    prepare_keys(var / "embedded.env")
    env = environment(var, address)
    tls = certificate(var / "tls", address.names) if address.https else None
    collect_static(env)
    say("Preparing the database; the first time with a year of demonstration data, in about a minute")
    run([*MANAGE, "migrate", "--noinput"], env, quiet=True)
    accounts = run([*MANAGE, "demo", "--if-empty"], env, quiet=True)
    require_free(address.host, address.port)
    supervisor = Supervisor()
    supervisor.start(commands(address, tls), env)
    return supervisor.run(
        answers=lambda: answers(address, tls, urlsplit(env["PUBLIC_BASE_URL"]).netloc),
        welcome=lambda: welcome(env["PUBLIC_BASE_URL"], accounts, tls.authority if tls else None),
    )


if __name__ == "__main__":
    sys.exit(main())
