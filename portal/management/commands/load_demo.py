"""``manage.py load_demo``: a believable Beijing to look at."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from portal.demo import loading
from workflow.commands import ChineseCommand


class Command(ChineseCommand):
    help = "载入演示数据：北京市组织树、各角色演示账号、一个约300人的选树轮次（可重复执行，不会重复载入）"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.JIANGJIE_ALLOWS_DEMO:
            message = "正式环境不允许载入演示数据（演示账号的口令是公开的）"
            raise CommandError(message)
        loading.load(self.stdout.write)
        self.stdout.write(self.style.SUCCESS("演示数据已就绪"))
