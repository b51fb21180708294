"""The back office: Django's own admin, in Chinese, opened by role and scoped like every page."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

from pages.admin.scoped import ScopedAdmin
from pages.permissions import may_enter_back_office

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern, URLResolver

NOT_HERE = {"view_on_site", "login", "logout", "password_change", "password_change_done"}


class JiangjieAdminSite(AdminSite):
    """Whoever holds a back-office role is let in; ``is_staff`` and ``is_superuser`` mean nothing."""

    site_header = "匠阶 · 管理后台"
    site_title = "匠阶管理后台"
    index_title = "业务数据"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter_back_office(request.user)

    def register(
        self, model_or_iterable: Any, admin_class: type | None = None, **options: Any
    ) -> None:
        """Only scoped classes; what third parties bring along has no scope and stays out."""
        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the account pages, which are the portal's, and the redirect to any object."""
        return [url for url in super().get_urls() if getattr(url, "name", "") not in NOT_HERE]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Strangers go to the one login page; those without a back-office role are told so."""
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Groups in the order of the house, from the tree up; models in the order registered."""
        groups = self._build_app_dict(request, app_label)
        ranks = {model: rank for rank, model in enumerate(self._registry)}
        for group in groups.values():
            group["models"].sort(key=lambda entry: ranks[entry["model"]])
        order = [config.label for config in apps.get_app_configs()]
        return sorted(groups.values(), key=lambda group: order.index(group["app_label"]))
