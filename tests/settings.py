"""The system's own settings, cut loose from whatever this machine or its shell is set to."""

import atexit
import os
import secrets
import shutil
import tempfile
from urllib.parse import urlsplit

FOLDER = "ANNING_TEST_FOLDER"


def folder_of_this_run() -> str:
    """One folder per run; xdist's workers inherit the variable, and only its maker removes it."""
    if FOLDER not in os.environ:
        # The name is one that scripts/scratch.py clears up when this process was killed.
        os.environ[FOLDER] = tempfile.mkdtemp(prefix=f"anning-run-{os.getpid()}-")
        atexit.register(remove_folder, os.environ[FOLDER], os.getpid())
    return os.environ[FOLDER]


def remove_folder(folder: str, maker: int) -> None:
    """Only in the process that made it: a forked child that ends must leave it to its parent."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


def redis_url_of_this_worker(url: str) -> str:
    """A Redis database of its own for each worker: clearing the cache empties the whole database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not worker or FOLDER + "_REDIS" in os.environ:
        return url
    parts = urlsplit(url)
    # A process that this worker starts inherits both, and must not count up again.
    os.environ[FOLDER + "_REDIS"] = worker
    return parts._replace(path=f"/{int(parts.path.strip('/') or 0) + int(worker) + 1}").geturl()


# What a developer's shell may have set, and what would then change what the tests see.
for name in [
    "ALIYUN_ACCESS_KEY_ID",
    "ALIYUN_ACCESS_KEY_SECRET",
    "ALLOWED_HOSTS",
    "BEHIND_TLS_PROXY",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "EMAIL_FROM",
    "EMAIL_URL",
    "HSTS_SECONDS",
    "LOG_LEVEL",
    "MEDIA_ROOT",
    "MESSAGES_TO_TERMINAL",
    "PUBLIC_BASE_URL",
    "SMS_PROVIDER",
    "STAFF_HOSTS",
    "STAFF_NETWORKS",
    "STAFF_ROBOT",
    "STAFF_ROBOT_SECRET",
    "STAFF_ROBOT_URL",
    "TENCENT_SECRET_ID",
    "TENCENT_SECRET_KEY",
    "TENCENT_SMS_APP_ID",
    "TRUSTED_PROXIES",
]:
    os.environ.pop(name, None)

VAR = folder_of_this_run()
os.environ["ENV_FILE"] = os.devnull
os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)
os.environ["LINK_KEY"] = secrets.token_urlsafe(48)
os.environ["VAR_DIR"] = VAR
# As many as threads run at once against each other. Connecting anew for each request and each thread cost a tenth of
# the whole run.
os.environ["DATABASE_POOL_SIZE"] = "60"
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = redis_url_of_this_worker(os.environ["REDIS_URL"])
# Whitenoise warns where the folder is missing, and warnings are errors. It stays empty: no collectstatic in tests.
os.environ["STATIC_ROOT"] = os.path.join(VAR, "static")
os.makedirs(os.environ["STATIC_ROOT"], exist_ok=True)
# The browser's driver runs an event loop in the thread of the test, where Django would refuse its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from anning_clinic.settings import *  # noqa: E402, F403
from anning_clinic.settings import CACHES, DATABASES, REDIS_URL, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: the live server's threads each need a connection, and one in memory cannot be shared under load.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(VAR, "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if REDIS_URL:
    CACHES["default"]["OPTIONS"] = {"pool_class": "tests.shared_pool.SharedPool"}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A test sees what it has just changed; those of the kept pages keep them.
PAGES_KEPT_SECONDS = 0
