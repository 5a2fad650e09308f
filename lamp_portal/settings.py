"""One settings file. Production differs from a laptop only by environment variables (docs/deploy.md)."""

from pathlib import Path

from celery.schedules import crontab
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from lamp_portal import __version__
from lamp_portal.environment import database, flag, number, settings_of, text, words

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
VERSION = __version__

# --- What kind of installation this is -------------------------------------------------------------------------
DEMO = flag("DEMO", default=False)  # the demonstration world: its logins may be shown
DEBUG = flag("DEBUG", default=False)
TESTING = flag("LAMP_TESTING", default=False)
LOCAL = flag("LOCAL", default=DEMO or DEBUG or TESTING)  # plain http on this machine


def _secret_key() -> str:
    """SECRET_KEY, or on a local installation a random one kept beside the embedded servers."""
    given = text("SECRET_KEY", default="")
    if given or not LOCAL:
        return given or text("SECRET_KEY")
    path = LOCAL_DIR / "secret_key"
    if not path.exists():
        import secrets

        LOCAL_DIR.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = words("ALLOWED_HOSTS") or (["127.0.0.1", "localhost", "testserver"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

# --- Applications ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "lamp_portal.apps.PortalConfig",
    "reports",
    "compliance",
    "workers",
    "pilots",
    "accounts",
    "lamp_portal.apps.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # allauth's pages of sessions and keys load its tags
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    # What every answer carries, errors and refusals too
    "lamp_portal.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lamp_portal.middleware.PrivateMiddleware",
    "lamp_portal.middleware.BodyMiddleware",
    # Who is asking
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lamp_portal.middleware.AddressMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Whether they may come in
    "lamp_portal.middleware.FragmentMiddleware",
    "lamp_portal.middleware.SessionLimitsMiddleware",
    "lamp_portal.middleware.PreferencesMiddleware",
    "lamp_portal.phone_lock.PhoneLockMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "lamp_portal.middleware.SecondFactorMiddleware",
    # Where to, when an address is no page
    "lamp_portal.way_back.WayBackMiddleware",
    # On whose behalf
    "lamp_portal.middleware.ScopeMiddleware",
]

ROOT_URLCONF = "lamp_portal.urls"
WSGI_APPLICATION = "lamp_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lamp_portal.navigation.navigation",
            ],
            "builtins": ["lamp_portal.templatetags.ui"],
        },
    }
]

# --- Data ------------------------------------------------------------------------------------------------------
APP_DATABASE_URL = text("DATABASE_URL")
OWNER_DATABASE_URL = text("DATABASE_OWNER_URL", default=APP_DATABASE_URL)
ACT_AS_OWNER = text("LAMP_DB_ROLE", default="app") == "owner"  # migrations only
DATABASES = {
    "default": database(OWNER_DATABASE_URL if ACT_AS_OWNER else APP_DATABASE_URL)
    | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A view's writes are rolled back with it, inside the transaction that the scope middleware owns.
        "ATOMIC_REQUESTS": True,
    }
}
DB_APP_ROLE = database(APP_DATABASE_URL)["USER"]
DATABASES["default"]["OPTIONS"] |= {"application_name": f"lamp {text('LAMP_PROCESS', default='web')}"}
REDIS_URL = text("REDIS_URL")
REDIS_DATABASE = number("REDIS_DATABASE", 2)  # of the cache; messages have the next one


def redis_database(index: int) -> str:
    """The Redis URL with another database index; redis-py writes sockets unix:// and puts it in ?db=."""
    base = REDIS_URL.partition("?")[0]
    return f"{base}?db={index}" if base.startswith("unix") else f"{base.rstrip('/')}/{index}"


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_database(REDIS_DATABASE),
        "KEY_PREFIX": "lamp",
        "OPTIONS": {"serializer": "lamp_portal.caching.DataSerializer"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Background work -------------------------------------------------------------------------------------------
_broker = REDIS_URL.partition("?")[0]
CELERY_BROKER_URL = (
    f"redis+socket{_broker.removeprefix('unix')}?virtual_host={REDIS_DATABASE + 1}"
    if _broker.startswith("unix")
    else f"{_broker.rstrip('/')}/{REDIS_DATABASE + 1}"
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 700_000  # kB; the PDF compiler keeps a cache of some 550 MB
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1000,  # a little above the longest task
    # Nobody waits for a broker that is away: the job's row stands, and the sweep tells the broker later.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_timeout": 10,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(LOCAL_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "lamp_portal.tasks.sweep", "schedule": 15.0},
    "end-waivers": {"task": "lamp_portal.tasks.end_waivers", "schedule": 900.0},
    "remind-duties": {"task": "lamp_portal.tasks.remind_duties", "schedule": crontab(hour=2, minute=20)},
    "forget-people": {"task": "lamp_portal.tasks.forget_people", "schedule": crontab(hour=3, minute=25)},
    "delete-due-files": {"task": "lamp_portal.tasks.delete_due_files", "schedule": crontab(hour=3, minute=10)},
    "seek-look-alikes": {"task": "lamp_portal.tasks.seek_look_alikes", "schedule": 60.0},
    "seek-all-look-alikes": {"task": "lamp_portal.tasks.seek_all_look_alikes", "schedule": crontab(hour=3, minute=40)},
    "evaluate-changed": {"task": "lamp_portal.tasks.evaluate_changed", "schedule": 60.0},
    "refresh-rollups": {"task": "lamp_portal.tasks.refresh_rollups", "schedule": 60.0},
    "check-rollups": {"task": "lamp_portal.tasks.check_rollups", "schedule": crontab(hour=3, minute=55)},
    "deliver-reports": {"task": "lamp_portal.tasks.deliver_reports", "schedule": 60.0},
    "send-notices": {"task": "lamp_portal.tasks.send_notices", "schedule": 60.0},
    "evaluate-all": {"task": "lamp_portal.tasks.evaluate_all", "schedule": crontab(hour=2, minute=15)},
}
JOB_LEASE_SECONDS = number("JOB_LEASE_SECONDS", 30)
JOB_ATTEMPTS = 3

# --- Sign-in ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "lamp_portal.sign_in.InvitationOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password, address or factor is told to its owner
MFA_ADAPTER = "lamp_portal.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TRUST_ENABLED = False
MFA_TOTP_ISSUER = "LaMP Portal"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
USERSESSIONS_TRACK_ACTIVITY = True
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXY_COUNT", 0)

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # its words stay on the server
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_OVERALL_SECONDS = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
CSRF_COOKIE_HTTPONLY = True
if not LOCAL:
    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = flag("SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if number("TRUSTED_PROXY_COUNT", 0):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Browser guards --------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Words and files -------------------------------------------------------------------------------------------
# Where mails that no request asks for lead back to; without it they carry no link.
PORTAL_URL = text("PORTAL_URL", default="").rstrip("/")
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(text("STATIC_ROOT", default=str(LOCAL_DIR / "collected")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [LOCAL_DIR / "static"]
(LOCAL_DIR / "static").mkdir(parents=True, exist_ok=True)
# Files that people send (docs/files.md). No web server serves this place; a folder unless another storage is named.
_profile = text("LAMP_TEST_PROFILE" if TESTING else "LAMP_PROFILE", default="test" if TESTING else "demo")
FILES_ROOT = Path(text("FILES_ROOT", default=str(LOCAL_DIR / "files" / _profile)))
FILES_STORAGE = text("FILES_STORAGE", default="workers.files.storage.Folder")
FILE_SCANNER = text("FILE_SCANNER", default="")  # off; clamd://host:port, clamd:///path/of.socket, or a command
FILE_SCANNER_SECONDS = number("FILE_SCANNER_SECONDS", 20)
STORAGES = {
    "files": {
        "BACKEND": FILES_STORAGE,
        "OPTIONS": settings_of("FILES_STORAGE_OPTIONS", default={"location": FILES_ROOT}),
    },
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "lamp_portal.joined.JoinedFilesStorage"
    },
}
REPORT_FONTS_DIR = LOCAL_DIR / "fonts"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
SHEET_MAX_BYTES = number("SHEET_MAX_BYTES", 50_000_000)
# Downloads of lists: up to so many rows they are made while the reader waits; longer ones by a job, and lie ready so long.
EXPORT_INLINE_ROWS = number("EXPORT_INLINE_ROWS", 2000)
EXPORT_KEEP_HOURS = number("EXPORT_KEEP_HOURS", 24)
EXPORT_MOST_WAITING = 5
BODY_MAX_BYTES = 500_000_000  # a check with twenty photos; a proxy may allow less
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"  # no file of an operator's stays behind

# --- Mail and logs ---------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", default="LaMP Portal <no-reply@localhost>")
_mail_backend = "filebased" if LOCAL else "smtp"
MAILERS = {
    "default": {
        "BACKEND": f"django.core.mail.backends.{_mail_backend}.EmailBackend",
        "OPTIONS": {"file_path": str(LOCAL_DIR / "mail")}
        if LOCAL
        else {
            "host": text("EMAIL_HOST", default="localhost"),
            "port": number("EMAIL_PORT", 587),
            "username": text("EMAIL_USER", default=""),
            "password": text("EMAIL_PASSWORD", default=""),
            "use_tls": flag("EMAIL_TLS", default=True),
        },
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "lamp_portal.logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Never SQL with its values, never bodies: they hold what this portal protects.
    "loggers": {"django.db.backends": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
}
