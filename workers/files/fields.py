"""The form field of a file: it is looked at while the form is checked, and refused in words beside the field."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from .examination import Looked, look
from .limits import ALLOWED, JPEG, PNG, WEBP
from .refusals import FileRefused

PICTURES = ",".join((JPEG, PNG, WEBP))


class UploadField(forms.Field):
    """A photo or a PDF; the cleaned value is a ``Looked`` for the door, or None where none was sent.

    ``camera``: a telephone opens its camera; then only pictures are offered. Naming JPEG (and not all pictures) makes
    an iPhone turn its own format into one.
    """

    widget = forms.FileInput

    def __init__(self, *, camera: bool = False, **options: Any):
        self.camera = camera
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What the browser offers to choose."""
        attrs = super().widget_attrs(widget)
        attrs["accept"] = PICTURES if self.camera else ",".join(ALLOWED)
        if self.camera:
            attrs["capture"] = "environment"
        return attrs

    def to_python(self, data: Any) -> Looked | None:
        """The file, looked at. What is sent without a name or in no file field at all counts as none."""
        if data in self.empty_values:
            return None
        try:
            return look(data)
        except FileRefused as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from refused


class LenientUploadField(UploadField):
    """As ``UploadField``, but a refused file is a value (``FileRefused``): the form around it is saved all the same."""

    def to_python(self, data: Any) -> Any:
        """The file looked at, or why it is refused."""
        if data in self.empty_values:
            return None
        try:
            return look(data)
        except FileRefused as refused:
            return refused


class ManyFilesInput(forms.ClearableFileInput):
    """Lets several files be chosen at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All files sent under this name."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class LenientFilesField(LenientUploadField):
    """Several files at once, at most ``most``; each is looked at by itself and is a ``Looked`` or why it is refused."""

    widget = ManyFilesInput

    def __init__(self, *, most: int, **options: Any):
        self.most = most
        super().__init__(**options)

    def clean(self, data: Any) -> list[Any]:
        """The files looked at, in the order in which they were sent; more than ``most`` are refused before any is opened."""
        sent = [one for one in (data if isinstance(data, list) else [data]) if one not in self.empty_values]
        if not sent and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(sent) > self.most:
            raise forms.ValidationError(
                _("Send at most %(most)s files at once.") % {"most": self.most}, code="too_many"
            )
        return [self.to_python(one) for one in sent]
