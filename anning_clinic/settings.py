"""Wiring, from the environment. Every variable is in the README's table."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from anning_clinic import schedule

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / "var" / "embedded.env")))


def required(name: str) -> str:
    """The variable's value, or a failure that says how to mend it."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. `make run` makes one for the embedded profile; "
            f"in production set it in the environment, e.g. {name}=$(openssl rand -base64 48)."
        )
    return value


# Two keys: sign-in sessions end when SECRET_KEY changes; the links that enterprises hold must not.
SECRET_KEY = required("SECRET_KEY")
LINK_KEY = required("LINK_KEY")
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

# Staff pages: on these hosts and from these networks only; empty means no limit.
STAFF_HOSTS = env.list("STAFF_HOSTS", default=[])
STAFF_NETWORKS = env.list("STAFF_NETWORKS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

PROJECT_APPS = [
    "core",
    "notifications",
    "departments",
    "deadlines",
    "sessions_app",
    "appointments",
    "inquiries",
    "cases",
    "consultations",
    "evaluations",
    "reports",
    "portal",
]
INSTALLED_APPS = [
    *PROJECT_APPS,
    "anning_clinic.apps.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "crispy_forms",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.PlainText",
    "core.middleware.StaffGate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.HistoryActor",
    "core.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "anning_clinic.urls"
WSGI_APPLICATION = "anning_clinic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.page",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "anning"
CRISPY_TEMPLATE_PACK = "anning"
CRISPY_FAIL_SILENTLY = DEBUG is False

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'anning.sqlite3'}")}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A deferred transaction that turns into a writer fails at once instead of waiting its turn.
    DATABASES["default"]["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Compiling the sums of a quarter took three times as long as running them, and a short query never gains by it.
    # `options` in the database's address overrides this.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off")
    if env.bool("DATABASE_POOL", default=True):
        pool = {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=6)}
        DATABASES["default"]["OPTIONS"] |= {"pool": pool}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CELERY_BROKER_URL = REDIS_URL
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
    }
# Job -> seconds between two runs, and what people call it: the console says when one is missing.
PERIODIC_WORK = {
    entry["task"]: (entry["schedule"], schedule.LABELS.get(entry["task"], entry["task"]))
    for entry in schedule.SCHEDULE.values()
}
# The embedded profile prints on its own terminal whatever has no provider; production has gateways.
MESSAGES_TO_TERMINAL = env.bool("MESSAGES_TO_TERMINAL", default=False)
SMS_PROVIDER = env.str("SMS_PROVIDER", default="")
ALIYUN_ACCESS_KEY_ID = env.str("ALIYUN_ACCESS_KEY_ID", default="")
ALIYUN_ACCESS_KEY_SECRET = env.str("ALIYUN_ACCESS_KEY_SECRET", default="")
ALIYUN_SMS_ENDPOINT = env.str("ALIYUN_SMS_ENDPOINT", default="https://dysmsapi.aliyuncs.com")
TENCENT_SECRET_ID = env.str("TENCENT_SECRET_ID", default="")
TENCENT_SECRET_KEY = env.str("TENCENT_SECRET_KEY", default="")
TENCENT_SMS_APP_ID = env.str("TENCENT_SMS_APP_ID", default="")
TENCENT_SMS_REGION = env.str("TENCENT_SMS_REGION", default="ap-guangzhou")
TENCENT_SMS_ENDPOINT = env.str("TENCENT_SMS_ENDPOINT", default="https://sms.tencentcloudapi.com")
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    globals().update(env.email_url("EMAIL_URL"))
EMAIL_FROM = env.str("EMAIL_FROM", default="")
# Group robots for staff; the address is the one that the group's settings show.
STAFF_ROBOT = env.str("STAFF_ROBOT", default="")
STAFF_ROBOT_URL = env.str("STAFF_ROBOT_URL", default="")
STAFF_ROBOT_SECRET = env.str("STAFF_ROBOT_SECRET", default="")
# Seconds a channel may take to connect or to answer; the relay's lease is longer.
CHANNEL_TIMEOUT = env.float("CHANNEL_TIMEOUT", default=10.0)
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# What is printed on purpose (messages in the embedded profile) is not a log line.
CELERY_WORKER_REDIRECT_STDOUTS = False

# How long the public pages that all visitors see alike are kept in each process; 0 makes them anew each time.
PAGES_KEPT_SECONDS = env.float("PAGES_KEPT_SECONDS", default=1.0)

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "departments.backends.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "core.passwords.CharacterClassesValidator"},
    {"NAME": "core.passwords.NotRecentValidator"},
]
LOGIN_URL = "console:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "console/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "core.middleware.client_ip"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# Not in a cookie: a sentence may hold what was looked up for one pair of eyes.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

HTTPS = PUBLIC_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy redirects; granian listens on one scheme only
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0)
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "files"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "core.uploads.QuotaHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Without its files, no form of ours is near these.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10

SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True
# W003: the axes backend stands first, ours add roles only.
# W006: five failures lock the account, from wherever they come; a lock by address would spare a slow attacker.
SILENCED_SYSTEM_CHECKS = ["axes.W003", "axes.W006"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "core.logs.HideSecrets"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["secrets"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
