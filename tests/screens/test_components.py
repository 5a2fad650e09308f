"""The components: what they write, what they refuse, and that nothing of a value becomes markup."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateSyntaxError
from django.test import RequestFactory

from lamp_portal import styleguide
from lamp_portal.templatetags.ui import register
from tests.screens.pages import Page, draw, faults

HOSTILE = "\"'><img src=x onerror=alert(1)>"
TODAY = date(2026, 11, 21)
ROOT = Path(settings.BASE_DIR)
COMPONENTS = ROOT / "templates" / "components"

# Each tag with hostile text in every place that takes text.
HOSTILE_USES = {
    "badge": "{% badge x %}",
    "bar": "{% bar 1 2 label=x words=x %}",
    "bulk_bar": "{% bulk_bar x %}{{ x }}{% endbulk_bar %}",
    "button": "{% button x name=x value=x data_x=x %}",
    "cell": "{% cell x sheet=x %}",
    "chart": "{% chart x x title=x note=x %}{{ x }}{% endchart %}",
    "crumb": "{% crumb x x %}",
    "dialog": "{% dialog x x %}{{ x }}{% enddialog %}",
    "dialog_link": "{% dialog_link x x x %}",
    "diff": "{% diff x 'y' %}{% diff 'y' x %}{% diff x x %}",
    "due": "{% due day today %}",
    "empty_row": "{% empty_row 2 %}{{ x }}{% endempty_row %}",
    "empty_state": "{% empty_state x %}{{ x }}{% fill 'actions' %}{{ x }}{% endfill %}{% endempty_state %}",
    "event": "{% event x who=x when=day recorded=day %}{{ x }}{% endevent %}",
    "explain": "{% explain x %}{{ x }}{% endexplain %}",
    "fact": "{% fact x hint=x %}{{ x }}{% endfact %}",
    "field_row": "{% field_row %}{{ x }}{% endfield_row %}",
    "fieldset": "{% fieldset x hint=x %}{{ x }}{% endfieldset %}",
    "file_link": "{% file_link x x size=3 sha256=x %}",
    "form_actions": "{% form_actions %}{{ x }}{% fill 'note' %}{{ x }}{% endfill %}{% endform_actions %}",
    "funnel": "{% funnel rows x unit=x %}",
    "icon": "{% icon 'plane' label=x %}",
    "job_progress": "{% job_progress x state='running' label=x message=x result_url=x result_label=x page_url=x %}",
    "link_button": "{% link_button x x hx_get=x %}",
    "notice": "{% notice title=x %}{{ x }}{% endnotice %}",
    "pager": "{% pager x x summary=x %}",
    "panel": "{% panel x id=x %}{{ x }}{% fill 'footer' %}{{ x }}{% endfill %}{% endpanel %}",
    "person": "{% person x code=x url=x note=x %}",
    "post_button": "{% post_button x x name=x value=x %}",
    "select_all": "{% select_all x %}",
    "select_row": "{% select_row x x x %}",
    "share": "{% share 0.5 low=0.1 high=0.9 numerator=1 denominator=2 unit=x %}",
    "step_badge": "{% step_badge x held=True %}",
    "stepper": "{% stepper stages x %}",
    "table": "{% table x id=x aria_describedby=x %}{% endtable %}",
    "tabs": "{% tabs tabs x %}",
    "tile": "{% tile x x unit=x note=x url=x %}",
    "money": "{{ 1|money:x }}",
    "timeline": "{% timeline x %}{% endtimeline %}",
}
# Tags that take no text of their own, and those whose text is tried in test_forms.py.
WITHOUT_TEXT = {
    "facts",
    "tiles",
    "fill",
    "field",
    "form_fields",
    "error_summary",
    "filter_bar",
    "download_list",
    "saved_views",
    "verified",
}


def hostile_context() -> dict:
    """Values for the uses above."""
    return {
        "x": HOSTILE,
        "day": datetime(2026, 11, 21, tzinfo=UTC),
        "today": TODAY,
        "rows": [{"label": HOSTILE, "count": 3, "note": HOSTILE, "url": HOSTILE}],
        "stages": [{"label": HOSTILE, "state": "done", "note": HOSTILE, "url": HOSTILE}],
        "tabs": [{"label": HOSTILE, "url": HOSTILE, "current": True}],
    }


@pytest.mark.parametrize("name", HOSTILE_USES)
def test_no_value_becomes_markup(name):
    written = draw(HOSTILE_USES[name], **hostile_context())
    assert "<img src=x" not in written
    assert not [a for a in Page(written).elements if "onerror" in a[1]]


def test_every_tag_is_tried_with_hostile_text():
    assert set(register.tags) - WITHOUT_TEXT - set(HOSTILE_USES) == set()


def test_a_wrong_word_fails_at_once():
    for source in ("{% badge 'x' tone='red' %}", "{% button 'x' kind='huge' %}", "{% step_badge 'x' phase='away' %}"):
        with pytest.raises(TemplateSyntaxError):
            draw(source)


@pytest.mark.parametrize("attribute", ["onclick", "hx_on_click", "hx_on", "style", "formaction"])
def test_a_component_takes_no_handler_and_no_style(attribute):
    with pytest.raises(TemplateSyntaxError):
        draw("{% button 'x' " + attribute + "='y' %}")


def test_extra_attributes_are_written_with_hyphens_and_false_ones_left_out():
    written = draw("{% button 'x' hx_post='/a' aria_controls='b' disabled=True title=none %}", none=None)
    assert 'hx-post="/a"' in written
    assert 'aria-controls="b"' in written
    assert "disabled" in written
    assert "title" not in written


def test_a_place_is_filled_in_the_nearest_component():
    written = draw(
        "{% panel 'outer' %}{% fill 'footer' %}OUTER{% endfill %}"
        "{% panel 'inner' %}{% fill 'footer' %}INNER{% endfill %}{% endpanel %}{% endpanel %}"
    )
    assert [len(re.findall(word, written)) for word in ("OUTER", "INNER")] == [1, 1]
    assert written.index("INNER") < written.index("OUTER")


def test_filling_outside_of_a_component_is_an_error():
    with pytest.raises(TemplateSyntaxError):
        draw("{% fill 'actions' %}x{% endfill %}")


def test_an_event_says_when_it_was_recorded_only_if_that_was_another_day():
    source = "{% event 'Left' when=happened recorded=recorded %}{% endevent %}"
    same = draw(source, happened=TODAY, recorded=TODAY)
    later = draw(source, happened=TODAY, recorded=date(2026, 11, 25))
    assert "recorded" not in same
    assert "25 Nov 2026" in later


def test_something_late_is_critical_and_something_done_is_never_late():
    source = "{% due day today done=done %}"
    assert "tone-critical" in draw(source, day=date(2026, 11, 12), today=TODAY, done=False)
    assert "tone-good" in draw(source, day=date(2026, 11, 12), today=TODAY, done=True)
    assert "tone-warning" in draw(source, day=TODAY, today=TODAY, done=False)


def test_a_job_asks_while_it_goes_and_not_after():
    source = "{% job_progress '/jobs/7/' state=state label='Report' %}"
    for state in ("waiting", "running"):
        assert 'hx-get="/jobs/7/"' in draw(source, state=state)
    for state in ("done", "failed"):
        assert "hx-" not in draw(source, state=state)


def test_the_bars_of_a_funnel_are_measured_against_the_largest():
    rows = [{"label": "a", "count": 200}, {"label": "b", "count": 50}, {"label": "hidden", "count": None}]
    widths = [rect["width"] for rect in Page(draw("{% funnel rows 'x' %}", rows=rows)).all("rect")]
    assert widths == ["100.0", "25.0", "0.0"]


def test_a_hidden_cell_is_neither_blank_nor_zero():
    page = Page(draw("{% funnel rows 'x' %}", rows=[{"label": "a", "count": None}]))
    assert "hidden: too few people" in page.text


def test_an_empty_fact_says_that_nobody_recorded_it():
    assert "not recorded" in draw("{% fact 'Left' %}   {% endfact %}")


@pytest.fixture
def styleguide_page():
    """The page of components, as a reader without an organisation gets it."""
    request = RequestFactory().get("/styleguide/")
    form = styleguide.SampleForm({"number": "", "mode": ""})
    context = styleguide.samples() | {
        "form": styleguide.SampleForm(prefix="empty"), "bad_form": form, "filters": styleguide.SampleFilter({"step": "visa"})
    }  # fmt: skip
    from django.template.loader import render_to_string

    return render_to_string("styleguide.html", context, request)


def test_the_page_of_components_has_no_fault(styleguide_page):
    assert faults(styleguide_page) == []


def test_the_search_for_faults_can_find_each():
    bad = (
        '<p id="a" style="x"></p><p id="a" onclick="x"></p><label for="gone"></label><table><tr><th></th></tr></table>'
        "<img src=x><svg></svg><script>x</script><b>"
    )
    assert len(faults(bad)) == 9


def test_every_component_stands_on_the_page_of_components_and_in_the_reference():
    page = (ROOT / "templates" / "styleguide.html").read_text()
    reference = (ROOT / "docs" / "components.md").read_text()
    tags = set(register.tags)
    assert sorted(t for t in tags if f"{{% {t}" not in page) == []
    assert sorted(t for t in tags if f"{{% {t}" not in reference) == []
    filters = set(register.filters) - {"message_tone"}
    assert sorted(f for f in filters if f"|{f}" not in reference.replace("\\", "")) == []


def test_every_component_file_is_a_tag_or_included():
    sources = "\n".join(p.read_text() for p in (ROOT / "templates").rglob("*.html"))
    files = {p.stem for p in COMPONENTS.glob("*.html")}
    included = set(re.findall(r"{%\s*include\s+\"components/(\w+)\.html\"", sources))
    assert sorted(files - set(register.tags) - included) == []
