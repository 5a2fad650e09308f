"""The form of one payment, with those who owe something on the findings it is for."""

from django.utils import timezone

from accounts.models import Organisation
from compliance.models import Finding
from compliance.remedies import splitting
from compliance.remedy_forms import PaymentForm


def payment_form(found: list[Finding], data=None) -> PaymentForm | None:
    """The form of one payment for these findings, with those who owe something on them; none where nobody does."""
    today = timezone.localdate()
    rows = splitting.open_rows({f.pilot_id for f in found}, [f.pk for f in found if not f.restricted], on=today)
    owing = splitting.debtors(rows.values())
    if not owing:
        return None
    names = Organisation.objects.in_bulk({pk for pk, _code, _left in owing})
    choices = [(f"{pk}:{code}", names[pk].name, code, left) for pk, code, left in owing if pk in names]
    return PaymentForm(data, debtors=choices, initial={"on": today, "amount": owing[0][2]})
