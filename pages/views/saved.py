"""Questions asked of lists, kept under a name: each account's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pages.forms import ProseField
from pages.models import SavedView
from pages.services import keep_view
from pages.tables import PLACES

if TYPE_CHECKING:
    from pages.permissions import SignedRequest

MOST_VIEWS = 20


class SavedViewForm(forms.ModelForm):
    """A name for the question that the page asks now."""

    name = ProseField(label="名称", max_length=40)

    class Meta:
        model = SavedView
        fields = ("table", "path", "name", "query")


@require_POST
@login_required
def save(request: SignedRequest) -> HttpResponse:
    """Keep the question a list is asked now; the same name again replaces the old one."""
    path = request.POST.get("path", "")
    form = SavedViewForm(request.POST)
    if not url_has_allowed_host_and_scheme(path, None) or not path.startswith("/"):
        return redirect("portal:home")
    if not form.is_valid():
        messages.error(request, "请给这个筛选起个名字（不超过40个字）")
        return redirect(path)
    cleaned = form.cleaned_data
    query = QueryDict(cleaned["query"], mutable=True)
    for name in PLACES:
        query.pop(name, None)
    own = SavedView.objects.visible_to(request.user).filter(table=cleaned["table"], path=path)
    if not own.filter(name=cleaned["name"]).exists() and own.count() >= MOST_VIEWS:
        messages.error(request, f"每个列表最多保存{MOST_VIEWS}个常用筛选，请先删去不用的")
        return redirect(f"{path}?{query.urlencode()}")
    keep_view(request.user, cleaned["table"], path, name=cleaned["name"], query=query.urlencode())
    messages.success(request, f"已保存常用筛选“{cleaned['name']}”")
    return redirect(f"{path}?{query.urlencode()}")


@require_POST
@login_required
def delete(request: SignedRequest, pk: int) -> HttpResponse:
    """Forget a question of one's own."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    path, name = view.path, view.name
    view.delete()
    messages.success(request, f"已删去常用筛选“{name}”")
    return redirect(path)
