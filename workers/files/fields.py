"""The form field of a file: it is looked at while the form is checked, and refused in words beside the field."""

from typing import Any

from django import forms

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
