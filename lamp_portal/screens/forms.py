"""How Django's forms are drawn: label above, hint, error, all tied to the input by ids.

Django itself writes `aria-describedby` (to `<id>_helptext` and `<id>_error`) and `aria-invalid`; the templates here
give the hint and the error those ids, and nothing else names them.
"""

from django import forms
from django.forms import BoundField
from django.template.context import Context
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from .rendering import one_of, render
from .slots import slots_of

SIZES = ("", "s", "m", "l")
LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def field(
    bound: BoundField,
    *,
    label: str = "",
    hint: str = "",
    autocomplete: str = "",
    inputmode: str = "",
    size: str = "",
    placeholder: bool = False,
) -> SafeString:
    """One field of a form, whatever its widget.

    `autocomplete` is for the reader's own data only: a browser must not fill an officer's name into a worker's form.
    `placeholder=False` drops grey text inside inputs: the label says it.
    """
    if bound.is_hidden:
        return bound.as_widget()
    if hint:
        bound.help_text = hint
    return render(
        "field",
        {
            "field": bound,
            "label": label or bound.label,
            "kind": _kind(bound),
            "size": one_of(size, SIZES, "size"),
            "widget": _drawn(bound, autocomplete, inputmode, placeholder),
            "optional": not bound.field.required and not bound.field.disabled,
        },
    )


def _kind(bound: BoundField) -> str:
    """Which of the four shapes a field takes."""
    widget = bound.field.widget
    if bound.use_fieldset or isinstance(widget, LISTS):
        return "list"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "input"


def _drawn(bound: BoundField, autocomplete: str, inputmode: str, placeholder: bool) -> SafeString:
    """The widget's own HTML with the input type and the attributes that help on a phone."""
    widget = bound.field.widget
    attrs: dict[str, str | bool] = {}
    if autocomplete or widget.attrs.get("autocomplete"):
        attrs["autocomplete"] = autocomplete or widget.attrs["autocomplete"]
    elif isinstance(widget, forms.PasswordInput):
        attrs["autocomplete"] = "current-password"
    if inputmode:
        attrs["inputmode"] = inputmode
    elif isinstance(bound.field, forms.DecimalField | forms.FloatField):
        attrs["inputmode"] = "decimal"
    if "placeholder" in widget.attrs and not placeholder:
        attrs["placeholder"] = False
    # A plain DateInput is drawn as the browser's own date field, which always speaks ISO whatever the locale.
    if type(widget) is forms.DateInput and widget.input_type == "text":
        native = forms.DateInput(attrs={**widget.attrs, "type": "date"}, format="%Y-%m-%d")
        return bound.as_widget(native, attrs=attrs)
    return bound.as_widget(attrs=attrs)


def form_fields(form: forms.BaseForm) -> SafeString:
    """Every field of a form in order, its general errors before them, hidden fields last."""
    return render("form_fields", {"form": form})


def fieldset(content: SafeString, legend: str, *, hint: str = "") -> SafeString:
    """A group of fields under one question."""
    return render("fieldset", {"legend": legend, "hint": hint, "body": content})


def field_row(content: SafeString) -> SafeString:
    """Fields beside each other where there is room."""
    return render("field_row", {"body": content})


def form_actions(context: Context, content: SafeString) -> SafeString:
    """The buttons at the foot of a form; place to fill: `note`, a sentence about what will happen."""
    return render("form_actions", {"body": content, "note": slots_of(context).get("note", "")})


def error_summary(*forms_or_sets: forms.BaseForm | forms.BaseFormSet) -> SafeString:
    """All errors of the forms in one place, each a link to its field; nothing where there are none."""
    errors: list[dict[str, str]] = []
    for each in forms_or_sets:
        parts = [each] if isinstance(each, forms.BaseForm) else list(each)
        if not isinstance(each, forms.BaseForm) and each.is_bound:
            errors += [{"text": str(text), "label": "", "target": ""} for text in each.non_form_errors()]
        for form in parts:
            errors += _errors_of(form)
    return render("error_summary", {"errors": errors}) if errors else mark_safe("")


def _errors_of(form: forms.BaseForm) -> list[dict[str, str]]:
    """The errors of one form, with the label of the field before each and the id to jump to."""
    found = [{"text": str(text), "label": "", "target": ""} for text in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        if _kind(bound) == "list":
            target = f"{bound.auto_id}_0"
        found += [{"text": str(text), "label": strip_tags(str(bound.label)), "target": target} for text in bound.errors]
    return found
