"""A real installation. What is missing is named at start, before anything is served."""

from config import environment
from config.settings.base import *  # noqa: F403 - settings are a namespace

DEBUG = False
JIANGJIE_ALLOWS_DEMO = False
SECRET_KEY = environment.required("JIANGJIE_SECRET_KEY", "会话签名密钥，至少 50 个随机字符")
VAULT_KEYS, ANCHOR_KEYS = (
    environment.numbered_keys(environment.required(name, meaning), name)
    for name, meaning in (
        ("JIANGJIE_ENCRYPTION_KEYS", "身份信息加密密钥，形如 1:64位十六进制数"),
        ("JIANGJIE_ANCHOR_KEYS", "留痕锚点签名密钥，形如 1:64位十六进制数"),
    )
)
VAULT_DIGEST_KEY = environment.hex_key(
    environment.required(
        "JIANGJIE_DIGEST_KEY", "身份号码匹配密钥（64 位十六进制数），启用后不可更换"
    ),
    "JIANGJIE_DIGEST_KEY",
)
environment.required("REDIS_URL", "Redis 或 Valkey 地址，后台任务需要")
environment.required("JIANGJIE_ALLOWED_HOSTS", "对外域名，多个以逗号分隔")
environment.required(
    "JIANGJIE_PROXIES", "网关（反向代理）的地址，多个以逗号分隔；来访地址只信这些网关所写的"
)
TRUSTED_PROXIES = environment.listed("JIANGJIE_PROXIES")
SECOND_FACTOR_REQUIRED = True
ALLOWED_HOSTS = environment.listed("JIANGJIE_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
STATIC_ROOT = BASE_DIR / "staticfiles"  # noqa: F405 - from the base settings
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
