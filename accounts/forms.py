"""Forms of members, invitations and one's own settings."""

import zoneinfo

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.choices import offer
from accounts.merging import SeenForm
from accounts.models import Organisation, User
from accounts.roles import roles_for

THEMES = [("system", _("As on this device")), ("light", _("Light")), ("dark", _("Dark"))]


class RoleForm(forms.Form):
    """A role that this organisation's members may hold, and whether they manage members."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    manages_members = forms.BooleanField(
        label=_("May invite and remove colleagues, and change their roles"), required=False
    )

    def __init__(self, *args, organisation: Organisation, **options):
        super().__init__(*args, **options)
        offer(self, "role", [(r.code, f"{r.label}. {r.description}") for r in roles_for(organisation.kind)])


class RoleChangeForm(SeenForm, RoleForm):
    """Another role for a member, beside another manager who gives one just now."""


class InviteForm(RoleForm):
    """Who to invite, as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("The link works only for this address."))
    field_order = ["email", "role", "manages_members"]


class AcceptForm(forms.Form):
    """The invited person's name and password."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, help_text=_("As colleagues and partners should read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=256,
        help_text=_("At least 15 characters. A few words in a row are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args, email: str, **options):
        super().__init__(*args, **options)
        self.email = email

    def clean(self) -> dict:
        """The password must not be short, common, or like the name or the address."""
        data = super().clean() or {}
        if data.get("password"):
            try:
                validate_password(data["password"], User(email=self.email, name=data.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class SettingsForm(forms.ModelForm):
    """How the portal looks and speaks to one person. Nothing here changes what they may do."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    theme = forms.ChoiceField(label=_("Appearance"), choices=THEMES, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        zones = {*zoneinfo.available_timezones(), "UTC", self.instance.time_zone}
        offer(self, "time_zone", [(zone, zone.replace("_", " ")) for zone in sorted(zones)])


class LanguageForm(forms.Form):
    """A language of the portal."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
