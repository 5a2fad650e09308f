"""The form over what is recorded of a person."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.merging import SeenForm
from workers.models import Person, PersonContact


def _of(model: type[Person | PersonContact], name: str, **options) -> forms.Field:
    """The field of the model as a form asks it."""
    field: forms.Field = model._meta.get_field(name).formfield(**options)  # type: ignore[union-attr,assignment]
    return field


class PersonForm(SeenForm):
    """Names as in the papers, where the person comes from, and how to reach them. Papers and consent have own forms."""

    family_name = _of(Person, "family_name")
    given_names = _of(Person, "given_names")
    passport_name = _of(Person, "passport_name")
    sex = _of(Person, "sex")
    birth_date = _of(Person, "birth_date")
    birth_precision = _of(Person, "birth_precision")
    nationality = _of(Person, "nationality", help_text=_("Two letters, such as TO or VU."))
    village = _of(Person, "village")
    province = _of(Person, "province")
    languages = _of(Person, "languages", help_text=_("As the person names them, with commas: Tongan, English."))
    phone = _of(PersonContact, "phone")
    email = _of(PersonContact, "email")

    def __init__(self, data=None, **options):
        super().__init__(data, label_suffix="", **options)

    @classmethod
    def fields_of_the_record(cls) -> list[str]:
        """The fields that stand in the record."""
        return [name for name in cls.base_fields if name != "seen"]

    def clean_nationality(self) -> str:
        """Two letters of a country, or nothing."""
        code = self.cleaned_data["nationality"].strip().upper()
        if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise ValidationError(_("Write the country as two letters, such as TO or VU."))
        return code

    def refused_by(self, person: Person) -> bool:
        """Whether the table refuses the changed person; its sentences then stand in the form."""
        try:
            person.validate_constraints()
        except ValidationError as problem:
            self.add_error(None, problem)
        return bool(self.errors)
