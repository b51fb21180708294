"""Every environment variable the product reads, by name. Nothing else looks at the environment."""

import errno
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.local_services.postgres import folder_of_binaries

KEY_BYTES = 32
CHECKOUT = Path(__file__).resolve().parent.parent
LEAST_FREE = 200 * 1024 * 1024  # bytes: an empty database and what its first hour writes
WHY_UNUSABLE = {
    errno.EACCES: "没有写入权限",
    errno.EPERM: "没有写入权限",
    errno.EROFS: "所在磁盘只读",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "同名的已有文件不是目录",
    errno.ENOENT: "所在位置不能建目录",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "路径过长",
}


def home() -> Path:
    """Where local state lives: services, keys, uploaded files."""
    return Path(os.environ.get("JIANGJIE_HOME") or CHECKOUT / "var").expanduser().absolute()


def usable_home() -> Path:
    """The same, made if need be; where nothing can be kept the process ends with one sentence."""
    place = home()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place):
            free = shutil.disk_usage(place).free
    except OSError as error:
        why = WHY_UNUSABLE.get(error.errno or 0, error.strerror or "无法写入")
        raise SystemExit(
            f"数据目录 {place} 不能使用：{why}。请改正，或以 JIANGJIE_HOME 另指一个可写的目录。"
        ) from None
    if free < LEAST_FREE and not (place / "services").exists():
        raise SystemExit(
            f"数据目录 {place} 所在磁盘只剩 {free // 1024**2} MB，至少需要 {LEAST_FREE // 1024**2} MB；"
            "请腾出空间，或以 JIANGJIE_HOME 另指一个目录。"
        )
    return place


def required(name: str, meaning: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"缺少环境变量 {name}：{meaning}")
    return value


def listed(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def number(name: str, usual: int) -> int:
    """A limit that the house may set for itself."""
    text = os.environ.get(name, "")
    if text and not text.isdecimal():
        raise ImproperlyConfigured(f"{name} 应为不小于0的整数，现为“{text}”")
    return int(text) if text else usual


def database_url() -> str:
    return required(
        "DATABASE_URL",
        "PostgreSQL 连接地址；本机请用 make run 或 manage.py，它们会自动启动数据库",
    )


def has_database() -> bool:
    return bool(os.environ.get("DATABASE_URL"))


def database_owner_url() -> str:
    """The role that owns the tables and migrates them; the application's own if not given."""
    return os.environ.get("DATABASE_OWNER_URL") or database_url()


def app_role() -> str:
    """The database role of the application, which migrations restrict; it need not exist."""
    return os.environ.get("JIANGJIE_APP_ROLE") or "jiangjie_app"


def postgres_programs() -> Path:
    """The folder of pg_dump and pg_restore."""
    return folder_of_binaries()


def redis_url() -> str:
    """Empty when no broker is there: commands then run their jobs themselves."""
    return os.environ.get("REDIS_URL", "")


def broker_url() -> str:
    """Celery's spelling of the same address: a socket is `unix://` to redis, not to kombu."""
    url = redis_url()
    if url.startswith("unix://"):
        return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    return url


def runs_jobs_inline() -> bool:
    return os.environ.get("JIANGJIE_INLINE_JOBS", "") == "1" or not redis_url()


def wants_demo() -> bool:
    """Whether `make run` fills an empty installation with demo data."""
    return os.environ.get("JIANGJIE_DEMO", "yes") != "no"


def is_web_process() -> bool:
    return os.environ.get("JIANGJIE_PROCESS", "") == "web"


def local_key(name: str) -> str:
    """A secret from the environment, else one drawn once and kept in `$JIANGJIE_HOME/keys`."""
    if value := os.environ.get(name):
        return value
    place = home() / "keys" / name.lower()
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=place.parent, encoding="ascii") as draft:
            draft.write(secrets.token_hex(KEY_BYTES))
            draft.flush()
            with suppress(FileExistsError):  # of several starting together, one wins for all
                os.link(draft.name, place)
    return place.read_text(encoding="ascii")


def database(url: str) -> dict[str, Any]:
    """Django's connection settings from `postgresql://user:password@host:port/name?option=value`.

    A socket directory comes as `?host=/dir` or percent-encoded in the host.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL 必须以 postgresql:// 开头，本系统只支持 PostgreSQL"
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.netloc.rpartition("@")[2].partition(":")[0])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": options,
    }


def numbered_keys(text: str, name: str) -> dict[int, bytes]:
    """`2:<64 hex digits>,1:<64 hex digits>`, newest first; a bare key is number 1."""
    keys = {}
    for part in text.split(","):
        number, _, digits = part.strip().rpartition(":")
        keys[int(number or 1)] = hex_key(digits, name)
    return keys


def hex_key(digits: str, name: str) -> bytes:
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} 应为 64 位十六进制数（32 字节）")
    return key
