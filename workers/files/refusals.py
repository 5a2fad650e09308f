"""The sentences with which a file is refused: what was found and what to do. One list, all translatable."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _


class FileRefused(Exception):
    """A file that is not kept. ``message`` is for the person who sent it, ``code`` for the code that asks why."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message, self.code = message, code


SENTENCES: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The file is empty. Take the photo again, or choose another file."),
    "too_big": lambda: _(
        "The file has %(megabytes)s MB; at most %(limit)s MB are kept. Take the photo with a lower resolution, or scan "
        "fewer pages."
    ),
    "too_many_pixels": lambda: _(
        "The picture has more than %(limit)s million points. Take it with a lower resolution and send it again."
    ),
    "too_small": lambda: _("The picture is less than %(limit)s points wide or high, so nothing can be seen on it."),
    "moving": lambda: _("This picture moves. Send a single photo."),
    "heic": lambda: _(
        "This photo is in the HEIC format, which few programs read. Send it as JPEG: on an iPhone choose Settings, "
        "Camera, Formats, “Most compatible”, and take it again."
    ),
    "film": lambda: _("This is a film. Send a photo or a PDF."),
    "other_picture": lambda: _("Pictures are taken as JPEG, PNG or WebP. Save it as one of these and send it again."),
    "program": lambda: _("This is a program, not a photo or a PDF. It was not kept."),
    "page": lambda: _(
        "This is a web page or a drawing with code in it, whatever its name says. Send a photo or a PDF."
    ),
    "archive": lambda: _(
        "This is an archive or an office document, whatever its name says. Send a photo or a PDF of it."
    ),
    "document": lambda: _("This is an office document. Send a photo of it, or save it as PDF."),
    "not_known": lambda: _("This is neither a photo nor a PDF, whatever its name says."),
    "two_files": lambda: _(
        "Something else is hidden in this file beside what it shows. Take a new photo or print it as PDF, and send that."
    ),
    "damaged": lambda: _("The photo is damaged or was not sent completely. Take it again."),
    "damaged_pdf": lambda: _("The PDF is damaged or was not sent completely. Save it again, or send a photo."),
    "locked": lambda: _("The PDF is locked with a password. Save a copy without a password and send that."),
    "active_pdf": lambda: _(
        "The PDF contains programs or forms that act by themselves. Print it as PDF, or send a photo of it."
    ),
    "carries_files": lambda: _("The PDF carries other files inside. Print it as PDF, or send a photo of it."),
    "too_many_pages": lambda: _(
        "The PDF has %(pages)s pages; at most %(limit)s are kept. Send only the pages that matter."
    ),
    "too_many_objects": lambda: _(
        "The PDF is put together from too many parts. Print it as PDF, or send a photo of it."
    ),
    "memory": lambda: _("Looking into the file needs more memory than is allowed. Send a smaller photo."),
    "too_slow": lambda: _("Looking into the file takes longer than is allowed. Send a smaller photo."),
    "unreadable": lambda: _("The file could not be opened. Send it again."),
    "harmful": lambda: _("The virus scanner found something harmful in this file. It was not kept; tell your IT help."),
    "scanner_down": lambda: _(
        "Files are scanned for viruses here, and the scanner does not answer. The file was not kept. Try again in some "
        "minutes, and tell the operator of the portal if it stays so."
    ),
    "not_stored": lambda: _("The file could not be stored. Nothing was kept; try again, and tell the operator."),
}


def refusal(code: str, **params: object) -> FileRefused:
    """The exception for a code, with its sentence in the reader's language. Unknown codes become ``damaged``."""
    sentence = SENTENCES.get(code, SENTENCES["damaged"])
    try:
        message = sentence() % params
    except (KeyError, ValueError, TypeError):
        message = SENTENCES["damaged"]()
    return FileRefused(message, code)
