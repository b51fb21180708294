"""``manage.py demo_logins``: who can log in to the demo."""

from typing import Any

from portal.demo import cast, loading
from workflow.commands import ChineseCommand


class Command(ChineseCommand):
    help = "列出演示账号（每种角色至少一个）"

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = loading.accounts()
        if not accounts:
            self.stdout.write("没有演示账号；可执行 manage.py load_demo 载入演示数据")
            return
        self.stdout.write(f"演示账号（口令均为 {cast.PASSWORD}）：")
        for username, name, role, organization in accounts:
            self.stdout.write(f"  {username:<10} {role}  {name}（{organization}）")
