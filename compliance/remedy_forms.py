"""The forms of corrective actions and of the remedy ledger."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.amounts import amount_words
from accounts.choices import offer
from compliance.models import RemedyEntry
from workers.files.fields import LenientFilesField

# What an action is about, in words that any owner may read: none of them tells what was answered, or by whom.
SUBJECTS = {
    "pay": gettext_lazy("Pay and deductions"),
    "hours": gettext_lazy("Hours and rest"),
    "housing": gettext_lazy("Housing and food"),
    "safety": gettext_lazy("Safety and health at work"),
    "papers": gettext_lazy("Papers and visa"),
    "contract": gettext_lazy("Contract"),
    "costs": gettext_lazy("Costs of recruitment"),
    "information": gettext_lazy("Information and training"),
    "freedom": gettext_lazy("Freedom and treatment"),
    "return": gettext_lazy("Travel and return"),
}


def with_subject(subject: str, words: str) -> str:
    """The words of an action as its owner reads them: what it is about, then what is to be done."""
    return f"{SUBJECTS[subject]}: {words}"


class ActionForm(forms.Form):
    """What is to be done, by whom, until when."""

    owner = forms.ChoiceField(label=gettext_lazy("Who must act"))
    subject = forms.ChoiceField(
        label=gettext_lazy("What it is about"), choices=[("", "–"), *SUBJECTS.items()],
        help_text=gettext_lazy("Whoever must act reads it before your words, so that they know what to put right."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Whoever must act reads these words and nothing of the finding. Write nothing that tells who said it."
        ),
    )  # fmt: skip
    due_on = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput)
    person = forms.CharField(label=gettext_lazy("Person who sees to it"), max_length=150, required=False)
    names_worker = forms.BooleanField(
        label=gettext_lazy("Name the worker to them"), required=False,
        help_text=gettext_lazy("Only where they cannot act without knowing whom it concerns, for example to pay."),
    )  # fmt: skip

    def __init__(self, data=None, *, owners: Mapping[int, str], **options):
        super().__init__(data, label_suffix="", auto_id="action_%s", **options)
        offer(self, "owner", [(str(pk), name) for pk, name in owners.items()])


class StepForm(forms.Form):
    """What was done, how it was seen, or why it is returned: words and a day."""

    words = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    on = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput)

    also = forms.BooleanField(required=False)
    # A form made has its uploads under this name; Django takes the field off the class, so the two do not meet.
    files = LenientFilesField(  # type: ignore[assignment]
        most=5, required=False, label=gettext_lazy("Photos or papers that show it"),
        help_text=gettext_lazy("Five at most: payslips, the bank's list, the room. Those who verify it and your own people read them."),
    )  # fmt: skip

    def __init__(
        self, data=None, *, label: str, hint: str = "", alike: int = 0, files=None, takes_files: bool = False, **options
    ):
        super().__init__(data, files, label_suffix="", **options)
        self.fields["words"].label = label
        self.fields["words"].help_text = hint
        if not takes_files:
            del self.fields["files"]
        if alike:
            words = ngettext_lazy(
                "Also for the %(n)s other that was put with it",
                "Also for the %(n)s others that were put with it",
                alike,
            )
            self.fields["also"].label = words % {"n": alike}
        else:
            del self.fields["also"]


class EntryForm(forms.Form):
    """One entry of the ledger."""

    kind = forms.ChoiceField(label=gettext_lazy("Entry"))
    amount = forms.DecimalField(label=gettext_lazy("Amount"), max_digits=14, decimal_places=2, min_value=0)
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, min_length=3)
    on = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput)
    words = forms.CharField(
        label=gettext_lazy("Evidence or reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "What shows it: a payslip, a bank line, a signed agreement. Paid in another currency: the rate, and its"
            " source. Written off: why, in your name."
        ),
    )  # fmt: skip

    def __init__(self, data=None, *, may_write_off: bool, **options):
        super().__init__(data, label_suffix="", auto_id="entry_%s", **options)
        kinds = [(k.value, k.label) for k in RemedyEntry.Kind if may_write_off or k != RemedyEntry.Kind.WRITTEN_OFF]
        offer(self, "kind", kinds)

    def clean_currency(self) -> str:
        """Three capital letters."""
        return self.cleaned_data["currency"].upper()


class TakeBackForm(forms.Form):
    """Why an entry was a mistake."""

    words = forms.CharField(label=gettext_lazy("Why it is taken back"), max_length=500)


class PaymentForm(forms.Form):
    """One payment of one debtor for several findings. ``debtors``: (value, name, currency, what is open)."""

    who = forms.ChoiceField(label=gettext_lazy("Who paid"))
    amount = forms.DecimalField(
        label=gettext_lazy("Amount paid"), max_digits=14, decimal_places=2, min_value=Decimal("0.01")
    )
    on = forms.DateField(label=gettext_lazy("Paid on"), widget=forms.DateInput)
    reference = forms.CharField(
        label=gettext_lazy("Reference of the payment"), max_length=80,
        help_text=gettext_lazy("As the bank or the receipt names it. The same payment is not recorded twice."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What shows it"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The bank's list, the payslips, the receipts the workers signed."),
    )  # fmt: skip
    how = forms.ChoiceField(
        label=gettext_lazy("Where it is less than is owed"), widget=forms.RadioSelect, initial="in full",
        choices=[
            ("in full", gettext_lazy("Pay the oldest in full first")),
            ("in proportion", gettext_lazy("Everybody the same share of what is owed to them")),
        ],
    )  # fmt: skip
    agrees = forms.BooleanField(
        label=gettext_lazy("Also record it as agreed"), required=False,
        help_text=gettext_lazy("Where nothing, or less, was agreed so far. Without it those findings are left out."),
    )  # fmt: skip

    def __init__(self, data=None, *, debtors: Sequence[tuple[str, str, str, Decimal]], **options):
        super().__init__(data, label_suffix="", auto_id="payment_%s", **options)
        words = [
            (value, _("%(name)s, %(amount)s open") % {"name": name, "amount": amount_words(left, code)})
            for value, name, code, left in debtors
        ]
        offer(self, "who", words)


def debtor_of(who: str) -> tuple[int, str]:
    """(organisation, currency) of a choice of the form."""
    pk, _colon, code = who.partition(":")
    return int(pk), code


class EndForm(forms.Form):
    """How a payment was verified, or why it is withdrawn."""

    words = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data=None, *, label: str, **options):
        super().__init__(data, label_suffix="", **options)
        self.fields["words"].label = label
