"""What both roles share. A role's module adds its database, its knobs and its beat schedule."""

from pathlib import Path

from edgeshop.settings.env import env_bool, env_int, env_list, env_secret, env_str, redis_urls
from edgeshop.settings.knobs import FLEET_WINDOW_MAX, POLICIES, Access, Checkout, Push, Vault
from edgeshop.settings.look import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parents[2]
STATE_DIR = Path(env_str("EDGESHOP_STATE")).resolve()
STATE_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env_bool("EDGESHOP_DEBUG", default=False)
SECRET_KEY = env_secret("EDGESHOP_SECRET_KEY")
ALLOWED_HOSTS = env_list("EDGESHOP_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("EDGESHOP_ORIGINS", "")
PORT = env_int("EDGESHOP_PORT", 8000)

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "channels",
    "ninja",
    "edgeshop.vault",
    "edgeshop.journal",
    "edgeshop.fleet",
    "edgeshop.catalog",
    "edgeshop.recommend",
    "edgeshop.checkout",
    "edgeshop.sync",
    "edgeshop.push",
    "edgeshop.shop",
]
MIDDLEWARE = [
    "edgeshop.sync.middleware.BareAnswersMiddleware",
    "edgeshop.fleet.middleware.RequestIdMiddleware",
    "edgeshop.fleet.middleware.SignedRequestsMiddleware",
    "edgeshop.api.OneShapeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "edgeshop.fleet.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "edgeshop.urls"
ASGI_APPLICATION = "edgeshop.asgi.application"
WSGI_APPLICATION = "edgeshop.wsgi.application"
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
            ]
        },
    }
]
AUTH_USER_MODEL = "fleet.Staff"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # a kiosk has no build step of its own; files are found where the release put them
SESSION_COOKIE_AGE = 12 * 3600
OTP_TOTP_ISSUER = "EdgeShop"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"

BROKER_URL, CHANNELS_HOST = redis_urls(env_str("EDGESHOP_REDIS_URL", f"unix://{STATE_DIR}/redis.sock"))
CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [CHANNELS_HOST]}}}
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a lost Redis delays work; the worker waits for it for ever
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_TIME_LIMIT = 600
# A killed worker's task comes back after the visibility timeout; the scan for such tasks runs each interval x throttle.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 5,
    "socket_connect_timeout": 1,
    "max_retries": 1,
}

VAULT = Vault(
    backend=env_str("EDGESHOP_VAULT_BACKEND", "file", choices=("file", "pkcs11")),
    path=STATE_DIR / "keys",
    credential=env_secret("EDGESHOP_VAULT_CREDENTIAL"),
    module=env_str("EDGESHOP_VAULT_MODULE", ""),
    token=env_str("EDGESHOP_VAULT_TOKEN", "edgeshop"),
    pin=env_secret("EDGESHOP_VAULT_PIN", required=False),
    tpm=env_str("EDGESHOP_TPM", ""),
)
POLICY = env_str("EDGESHOP_POLICY", "real", choices=tuple(POLICIES))
CHECKOUT = Checkout(
    policy=POLICY,
    limits=POLICIES[POLICY],
    fleet_window_max=FLEET_WINDOW_MAX[POLICY],
    admit=env_str("EDGESHOP_ADMIT", "staff", choices=("staff", "loopback")),
    card_lease=env_str("EDGESHOP_CARD_LEASE", ""),
)
ACCESS = Access(second_factor=env_str("EDGESHOP_SECOND_FACTOR", "required", choices=("required", "off")))
PUSH = Push(
    contact=env_str("EDGESHOP_PUSH_CONTACT", "mailto:shop@localhost"),
    allows_loopback=env_bool("EDGESHOP_PUSH_LOOPBACK", default=False),
    keep_days=env_int("EDGESHOP_KEEP_DAYS", 30),
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_str("EDGESHOP_LOG_LEVEL", "INFO")},
    "loggers": {
        "urllib3": {"level": "INFO"},  # at DEBUG it writes the addresses of people's browsers
        "urllib3.connection": {"level": "ERROR"},  # of an answer cut in its headers whoever asked tells in one line
    },
}
