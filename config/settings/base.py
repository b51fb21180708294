"""What is the same everywhere. Development, test and production state only their differences."""

from datetime import timedelta

from celery.schedules import crontab
from csp.constants import NONE, SELF

from config import environment
from config.choice_names import CHOICE_NAMES
from config.layout import APPS
from config.settings.people import *  # noqa: F403 - settings are a namespace

BASE_DIR = environment.CHECKOUT
JIANGJIE_HOME = environment.home()
JIANGJIE_APP_ROLE = environment.app_role()
POSTGRES_PROGRAMS = environment.postgres_programs  # asked only by backup and restore
INLINE_JOBS = environment.runs_jobs_inline()

INSTALLED_APPS = [
    "config.apps.JiangjieAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    *APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.session_age.SessionAgeMiddleware",
    "config.bodies.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.session_age.UnsentFormMiddleware",
    "config.account_at_hand.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.own_password.OwnPasswordMiddleware",
    "config.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "portal.frame.context.navigation",
            ],
        },
    },
]
FORM_RENDERER = "portal.frame.renderers.FormRenderer"

# --- database: sessions are told how long they may wait, so that one query cannot stop the house
_TIMEOUTS = (
    {"statement_timeout": "30s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "60s"}
    if environment.is_web_process()
    else {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "10min"}
)
DATABASES = {"default": environment.database(environment.database_url())}
DATABASES["default"]["OPTIONS"]["options"] = " ".join(f"-c {k}={v}" for k, v in _TIMEOUTS.items())
if environment.is_web_process():  # a pool must not cross a fork, so workers and commands have none
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 8, "timeout": 10}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = environment.redis_url()
# Brakes of this process only: what must be counted right, as guesses, is counted in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- jobs: the row in PostgreSQL is the truth, a message only wakes a worker
CELERY_BROKER_URL = environment.broker_url() or "memory://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 3,
    "socket_timeout": 10,
    "max_retries": 2,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "jiangjie"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = {
    "resend-jobs": {"task": "workflow.resend_jobs", "schedule": timedelta(seconds=5)},
    "anchor-chains": {"task": "workflow.anchor_chains", "schedule": timedelta(hours=1)},
    "forget-old-drafts": {
        "task": "pages.forget_old_drafts",
        "schedule": crontab(minute=30, hour=1),
    },
    "drop-unreferenced-persons": {
        "task": "talents.drop_unreferenced_persons",
        "schedule": crontab(minute=45, hour=1),
    },
    "close-filing": {
        # Just after midnight, and every hour in case nothing ran then.
        "task": "talents.call_overdue",
        "schedule": crontab(minute=5),
    },
    "issue-annual-reports": {
        "task": "reports.issue_annual_reports",
        # Every night of January from the 5th on: a night in which nothing ran is made up for.
        "schedule": crontab(minute=0, hour=2, day_of_month="5-31", month_of_year=1),
    },
    "call-for-training-reports": {
        "task": "academies.call_for_reports",
        "schedule": crontab(minute=10, hour=1),
    },
    "judge-academies": {
        "task": "subsidies.judge_academies",
        "schedule": crontab(minute=20, hour=1),
    },
    "remind-of-settlements": {
        "task": "subsidies.remind_of_settlements",
        "schedule": crontab(minute=25, hour=1),
    },
    "report-back-to-the-absent": {
        "task": "accounts.report_back",
        "schedule": crontab(minute=15, hour=0),
    },
    "look-at-originals": {
        "task": "subsidies.look_at_originals",
        "schedule": crontab(minute=50, hour=1),
    },
}

# --- who counts as one person
#: Days for which somebody who stood in for a colleague still counts as the same person, where an act
#: takes two, after the lending has ended. No source gives a number: a year covers one annual round.
DELEGATION_COUNTS_DAYS = environment.number("JIANGJIE_DELEGATION_COUNTS_DAYS", 365)
#: For how long a role is lent at most. No source gives a number; who is away longer hands the post on.
DELEGATION_LONGEST_DAYS = environment.number("JIANGJIE_DELEGATION_LONGEST_DAYS", 183)

# --- what one account may do in a day before somebody is told, and before it is stopped
#: Numbers of persons of other units that were typed and refused (talents.services.referrals).
FOREIGN_TRIES_A_DAY = environment.number("JIANGJIE_FOREIGN_TRIES_A_DAY", 20)
#: Rows of persons read on pages, in searches, the API, exports and the back office (pages.readings).
READINGS_ALARM_AFTER = environment.number("JIANGJIE_READINGS_ALARM_AFTER", 3_000)
MOST_READINGS_A_DAY = environment.number("JIANGJIE_MOST_READINGS_A_DAY", 10_000)

# --- what a page may load: only what this server serves, and nothing inline
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

# --- language, time, files
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = JIANGJIE_HOME / "media"
ANCHOR_ROOT = JIANGJIE_HOME / "anchors"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.pagination.CappedPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.problem_details.problem_details",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "匠阶接口",
    "DESCRIPTION": (
        "与页面同一套数据范围与业务动作；状态变化只通过具名动作进行。\n\n"
        "表单也在页面自己的地址上办理：请求头写明 Accept: application/json，"
        "GET 答复要填的各项（名称、类别、限制、可选值、现值）和须原样带回的各项，"
        "POST 按表单发送（可附文件），答复办理结果、填写有误的各项（422）或不予受理的理由（409）。"
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": CHOICE_NAMES,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.PlainFormatter"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
}
