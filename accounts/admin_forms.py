"""Two operators change one row: the forms of the operators' pages carry what was seen, as those of the portal do."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.merging import SeenForm, sealed, settle


class SeenRowForm(SeenForm, forms.ModelForm):
    """A row that another operator may change too. What only they changed is kept; where both changed a field, it says
    what they wrote beside what stands in the form, and nothing is written until it is saved once more."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if self.instance.pk is not None:
            self.show(self._standing(self.instance))

    def _standing(self, row: Any) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.fields if name in self._meta_names()}

    def _meta_names(self) -> set[str]:
        return {field.name for field in self.instance._meta.concrete_fields}

    def clean(self) -> dict[str, Any]:
        """Weigh it against the row as it stands now."""
        data = super().clean() or self.cleaned_data
        if self.instance.pk is None or self.errors:
            return data
        rows = type(self.instance)._default_manager.select_for_update(of=("self",))
        now = self._standing(rows.get(pk=self.instance.pk))
        settled = settle(self, now, data)
        if settled.open and isinstance(self.data, QueryDict):
            self.data = self.data.copy()  # it has now seen what was asked; the rest stands in the form as it was sent
            self.data["seen"] = sealed(self.was_seen() | {each.name: now[each.name] for each in settled.open})
        for each in settled.open:
            said = {"theirs": each.theirs or "–"}
            self.add_error(
                each.name,
                _("Somebody else wrote “%(theirs)s” here in the meantime. Write what shall stand, and save again.")
                % said,
            )
        return data | {each.name: now[each.name] for each in settled.taken}
