"""Forms: each field has a label, its hint and error are tied to it, and the browser is told what to type."""

from django import forms
from django.test import RequestFactory

from tests.screens.pages import Page, draw, faults
from tests.screens.test_components import HOSTILE


class Arrival(forms.Form):
    """A form with one field of each shape."""

    code = forms.CharField(label="Worker ID", help_text="As in the list.")
    arrived = forms.DateField(label="Arrived on")
    pay = forms.DecimalField(label="First pay", required=False)
    mode = forms.ChoiceField(
        label="How", choices=[("v", "Visit"), ("c", "Call")], widget=forms.RadioSelect, help_text="H"
    )
    alone = forms.BooleanField(label="Was alone", required=False, help_text="Out of hearing.")
    sheet = forms.FileField(label="List", required=False)
    email = forms.EmailField(label="E-mail", required=False, widget=forms.EmailInput(attrs={"placeholder": "grey"}))
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def drawn(form) -> Page:
    """The whole form as a page."""
    return Page(draw("{% error_summary form %}{% form_fields form %}", form=form))


def test_every_field_has_a_label_and_every_tie_has_its_end():
    for form in (Arrival(), Arrival({"arrived": "yesterday"})):
        assert faults(draw("{% error_summary form %}{% form_fields form %}", form=form)) == []
        page = drawn(form)
        labelled = {label["for"] for label in page.all("label")}
        for tag in ("input", "select", "textarea"):
            for attrs in page.all(tag):
                assert attrs.get("type") == "hidden" or attrs["id"] in labelled


def test_hint_and_error_describe_their_field():
    page = drawn(Arrival({"code": ""}))
    [code] = [i for i in page.all("input") if i["name"] == "code"]
    assert code["aria-describedby"] == "id_code_helptext id_code_error"
    assert code["aria-invalid"] == "true"
    [group] = page.all("fieldset")
    assert group["aria-describedby"] == "id_mode_helptext id_mode_error"


def test_a_hint_given_on_the_page_describes_its_field_too():
    page = Page(draw("{% field form.arrived hint='Local time' %}", form=Arrival()))
    assert page.all("input")[0]["aria-describedby"] == "id_arrived_helptext"


def test_a_date_is_asked_with_the_browsers_own_field_in_iso():
    [date] = [i for i in drawn(Arrival({"arrived": "2026-03-04"})).all("input") if i["name"] == "arrived"]
    assert (date["type"], date["value"]) == ("date", "2026-03-04")


def test_the_keyboard_of_the_phone_fits_the_answer():
    page = Page(
        draw("{% field form.pay %}{% field form.code inputmode='numeric' autocomplete='off' %}", form=Arrival())
    )
    pay, code = page.all("input")
    assert pay["inputmode"] == "decimal"
    assert (code["inputmode"], code["autocomplete"]) == ("numeric", "off")


def test_grey_text_inside_inputs_is_dropped_since_the_label_says_it():
    assert "placeholder" not in draw("{% field form.email %}", form=Arrival())


def test_optional_fields_say_so_and_required_ones_say_nothing():
    assert "optional" in draw("{% field form.pay %}", form=Arrival())
    assert "optional" not in draw("{% field form.code %}", form=Arrival())


def test_the_summary_links_each_error_to_its_field():
    page = drawn(Arrival({"arrived": "yesterday"}))
    targets = [a["href"].removeprefix("#") for a in page.all("a")]
    assert targets == ["id_code", "id_arrived", "id_mode_0"]
    assert set(targets) <= set(page.ids())


def test_there_is_no_summary_without_errors():
    assert draw("{% error_summary form %}", form=Arrival()) == ""


def test_no_word_of_a_form_becomes_markup():
    class Hostile(forms.Form):
        field = forms.ChoiceField(label=HOSTILE, help_text=HOSTILE, choices=[(HOSTILE, HOSTILE)])
        listed = forms.ChoiceField(label=HOSTILE, choices=[(HOSTILE, HOSTILE)], widget=forms.RadioSelect)

    for form in (Hostile({"field": HOSTILE + "2"}), Hostile({"field": HOSTILE, "listed": HOSTILE})):
        request = RequestFactory().get("/list/", {"field": HOSTILE, "other": HOSTILE})
        written = draw(
            "{% error_summary form %}{% form_fields form %}{% filter_bar form target=x %}",
            form=form, request=request, x=HOSTILE,
        )  # fmt: skip
        assert "<img src=x" not in written


class Filter(forms.Form):
    """Filters of a list."""

    q = forms.CharField(label="Name", required=False)
    step = forms.ChoiceField(label="Step", required=False, choices=[("", "Any"), ("visa", "Visa lodged")])


def test_each_filter_in_use_has_a_chip_that_takes_only_it_away():
    request = RequestFactory().get("/list/", {"q": "mele", "step": "visa", "after": "40"})
    page = Page(draw("{% filter_bar form %}", form=Filter(request.GET), request=request))
    links = [a["href"] for a in page.all("a")]
    assert links == ["/list/?step=visa", "/list/?q=mele", "/list/"]
    assert "Visa lodged" in page.text


def test_filters_out_of_use_have_no_chip():
    request = RequestFactory().get("/list/", {"q": "", "step": ""})
    assert Page(draw("{% filter_bar form %}", form=Filter(request.GET), request=request)).all("a") == []
