"""The files of an edition, as its page and a link offer them, and as they are handed out."""

from django.http import HttpResponse

from reports.models import Edition, EditionFile

FILE_WORDS = {"pdf": "PDF", "xlsx": "Excel", "csv": "CSV", "json": "JSON"}


def files_of(edition: Edition) -> list[dict]:
    """Each file without its bytes, with the name of its form; charts belong to the page."""
    return [
        {"file": file, "kind": FILE_WORDS[file.name.rpartition(".")[2]]}
        for file in EditionFile.objects.filter(edition=edition).defer("body").order_by("id")
        if not file.name.endswith(".svg")
    ]


def attachment(file: EditionFile) -> HttpResponse:
    """The bytes as they were frozen; a browser saves them and runs nothing."""
    response = HttpResponse(bytes(file.body), content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-SHA-256"] = file.sha256
    return response
