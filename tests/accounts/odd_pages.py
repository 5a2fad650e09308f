"""Pages that misbehave, to see that the guards around every page hold."""

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import path

from accounts import audit
from lamp_portal.urls import urlpatterns as portal
from pilots.models import Cohort


def writes(request):
    """Renames a cohort, whatever the method."""
    Cohort.objects.filter(code="V1").update(name="written")
    return HttpResponse("ok")


def writes_then(request, what: str):
    """Renames a cohort, then ends badly."""
    Cohort.objects.filter(code="V1").update(name="written")
    if what == "404":
        raise Http404
    if what == "403":
        raise PermissionDenied
    if what == "422":
        return HttpResponse("no", status=422)
    if what == "sql":
        with connection.cursor() as cursor:
            cursor.execute("select 1/0")
    raise RuntimeError(what)


def streams(request):
    """Rows that would be read after the scope is gone."""
    return StreamingHttpResponse(str(c) for c in Cohort.objects.all())


def sensitive(request, pk: int):
    """A page that shows something of which every reading is noted."""
    audit.read_sensitive(request, "case", pk)
    return HttpResponse("secret")


def becomes_owner(request):
    """Tries to leave the read-only transaction and the role."""
    with connection.cursor() as cursor:
        cursor.execute(request.GET["sql"])
    return HttpResponse("done")


urlpatterns = [
    path("odd/writes/", writes),
    path("odd/writes/<str:what>/", writes_then),
    path("odd/streams/", streams),
    path("odd/sensitive/<int:pk>/", sensitive, name="odd_sensitive"),
    path("odd/sql/", becomes_owner),
    *portal,
]
