import re

import django_filters
import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template

from organizations.models import User
from pages.filters import YesNoFilter
from portal.frame.icons import ICONS


@pytest.fixture
def draw(rf):
    """Render a snippet of template with the component tags, as of an address."""

    def draw_at(source, path="/", **context):
        template = Template("{% load components formats %}" + source)
        return template.render(Context({"request": rf.get(path), **context}))

    return draw_at


class WorkFilter(forms.Form):
    q = forms.CharField(label="姓名", required=False)
    verdict = forms.ChoiceField(label="结果", required=False, choices=[("missing", "资料缺失")])


@pytest.mark.parametrize(
    ("value", "words"),
    [(1000, "已达到标准"), (1001, "已达到标准"), (999, "还差 1 人"), (0, "还差 1,000 人")],
    ids=("at the standard", "above", "one short", "nothing"),
)
def test_gauge_says_in_words_how_it_stands(draw, value, words):
    assert words in draw('{% gauge "培训" value 1000 unit="人" %}', value=value)


def test_gauge_without_a_value_is_missing_not_failed(draw):
    drawn = draw('{% gauge "培训" None 1000 unit="人" %}')

    assert "资料缺失" in drawn
    assert "tone-bad" not in drawn


@pytest.mark.parametrize(
    ("met", "severity", "words"),
    [
        (True, "", "符合"),
        (False, "", "不符合"),
        (None, "", "资料缺失"),
        (None, "human", "待人工核定"),
    ],
)
def test_finding_says_whether_it_is_met(draw, met, severity, words):
    item = {"title": "年限", "clause": "第四条", "threshold": "60", "actual": "59", "met": met}

    drawn = draw("{% finding item %}", item=item | {"severity": severity})

    assert f"</svg>{words}</span>" in drawn


def job(status, done=0, total=0):
    return {"name": "核验", "status": status, "progress_done": done, "progress_total": total}


@pytest.mark.parametrize("status", ["queued", "running"])
def test_progress_asks_again_while_the_job_runs(draw, status):
    drawn = draw('{% progress job poll_href="/jobs/1/" %}', job=job(status, 1, 4))

    assert 'data-poll="/jobs/1/"' in drawn


@pytest.mark.parametrize("status", ["done", "parked"])
def test_progress_stops_asking_when_the_job_has_ended(draw, status):
    assert "data-poll" not in draw('{% progress job poll_href="/jobs/1/" %}', job=job(status, 1, 4))


def test_progress_gives_value_and_total_to_assistive_technology(draw):
    drawn = draw("{% progress job %}", job=job("running", 120_000, 300_000))

    assert '<progress max="300000" value="120000" aria-label="核验进度">' in drawn
    assert "120,000 / 300,000（40%）" in drawn


def test_progress_without_a_total_is_indeterminate_only_while_running(draw):
    assert '<progress aria-label="核验进度">' in draw("{% progress job %}", job=job("running"))
    assert '<progress max="1" value="0"' in draw("{% progress job %}", job=job("queued"))


def test_filter_bar_shows_a_chip_that_removes_its_filter_and_keeps_the_order(draw):
    form = WorkFilter({"verdict": "missing", "q": "王"})

    drawn = draw(
        '{% filter_bar form count=3 unit="名" %}{% endfilter_bar %}',
        path="/rounds/?verdict=missing&q=%E7%8E%8B&ordering=-name&page=3",
        form=form,
    )

    assert 'href="?q=%E7%8E%8B&amp;ordering=-name"' in drawn
    assert "结果：资料缺失" in drawn
    assert '<input type="hidden" name="ordering" value="-name">' in drawn


@pytest.mark.parametrize(("asked", "words"), [("true", "待办：是"), ("false", "待办：否")])
def test_the_chip_of_a_yes_or_no_says_it_in_words(draw, asked, words):
    class YesOrNoFilter(django_filters.FilterSet):
        due = YesNoFilter(label="待办")

    form = YesOrNoFilter({"due": asked}, queryset=User.objects.none()).form

    drawn = draw("{% filter_bar form count=3 %}{% endfilter_bar %}", path="/?due=1", form=form)

    assert f"{words}</span>" in drawn
    assert re.search(r'<option value="">\s*全部', drawn)


def test_filter_bar_without_filters_has_no_chip_and_nothing_to_clear(draw):
    drawn = draw("{% filter_bar form count=3 %}{% endfilter_bar %}", form=WorkFilter({}))

    assert "chip" not in drawn
    assert "清除" not in drawn


@pytest.mark.parametrize(
    ("path", "href", "state"),
    [
        ("/?page=2", "?ordering=name", ""),
        ("/?ordering=name", "?ordering=-name", 'aria-sort="ascending"'),
        ("/?ordering=-name", "?ordering=name", 'aria-sort="descending"'),
    ],
)
def test_sort_heading_turns_the_order_and_returns_to_the_first_page(draw, path, href, state):
    drawn = draw('{% sort_heading "姓名" "name" %}', path=path)

    assert f'href="{href}"' in drawn
    assert state in drawn


def test_pagination_keeps_the_filters(draw):
    page = Paginator(range(100), 10).page(2)

    drawn = draw("{% pagination page %}", path="/?q=a&page=2", page=page)

    assert 'href="?q=a&amp;page=3" rel="next"' in drawn
    assert "第 11–20 条，共 10 页" in drawn


def test_pagination_of_a_single_page_is_nothing(draw):
    page = Paginator(range(3), 10).page(1)

    assert draw("{% pagination page %}", page=page).strip() == ""


def test_keyset_pagination_turns_one_way_at_a_time(draw):
    drawn = draw('{% keyset_pagination previous="aa" following="bb" %}', path="/?q=a&after=00")

    assert 'href="?q=a&amp;before=aa"' in drawn
    assert 'href="?q=a&amp;after=bb"' in drawn
    assert 'href="?q=a">回到开头' in drawn


def test_blocks_escape_their_titles_and_keep_their_content(draw):
    drawn = draw("{% panel title %}<b>{{ title }}</b>{% endpanel %}", title="<i>")

    assert "<h2>&lt;i&gt;</h2>" in drawn
    assert "<b>&lt;i&gt;</b>" in drawn


def test_hash_shows_both_ends_and_keeps_the_whole(draw):
    digest = "0123456789abcdef" * 4

    drawn = draw("{% hash_code digest %}", digest=digest)

    assert "01234567…89abcdef" in drawn
    assert f'data-copy="{digest}"' in drawn


@pytest.mark.parametrize("name", sorted(ICONS))
def test_icon_is_hidden_from_assistive_technology(draw, name):
    assert 'aria-hidden="true"' in draw("{% icon name %}", name=name)


def test_form_names_each_fault_at_the_field_and_in_the_summary(draw):
    class Form(forms.Form):
        name = forms.CharField(label="姓名", help_text="与身份证一致")

    drawn = draw("{{ form }}", form=Form({"name": ""}))

    assert '<a href="#id_name">姓名：该字段是必填项。</a>' in drawn
    assert 'id="id_name_error"' in drawn
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
