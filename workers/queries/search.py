"""Finding people by what one remembers of them: parts of a name, the worker ID, the end of a passport, a phone."""

import re

from django.db.models import QuerySet, Value

from accounts.rows import may
from accounts.scope import Scope
from workers.models import IdentityDocument, MergedPerson, Person, PersonContact
from workers.models.people import Fold

SHORTEST_NUMBER = 4  # fewer characters would find half a pilot
MOST_WORDS = 6


def people_matching(query: str, by: Scope) -> QuerySet:
    """Ids of the people that match, as a subquery. Every word must occur in the names or the worker ID.

    One long word with a digit is also looked for at the end of paper numbers and in phone numbers, for roles that
    may read those tables. Each part uses its own trigram index, which an OR over three tables could not.
    """
    parts = ways_to(query, by)
    return parts[0].union(*parts[1:])


def first_matching(query: str, by: Scope, most: int) -> list[int]:
    """The first ids of them, each once, in one statement that stops as soon as it has enough."""
    parts = ways_to(query, by)
    found = parts[0].union(*parts[1:], all=True)[: 2 * most]
    return list(dict.fromkeys(row["pk"] for row in found))[:most]


def ways_to(query: str, by: Scope) -> list[QuerySet]:
    """The ways in which people match, one query of ids each."""
    words = query.split()[:MOST_WORDS]
    found = Person.objects.all()
    for word in words:
        found = found.filter(search__contains=Fold(Value(word)))
    parts: list[QuerySet] = [found.order_by().values("pk")]
    # By the name or the Worker ID of one record, the other of a merged person is found too.
    parts.append(MergedPerson.objects.filter(person__in=found.order_by()).values("keep_id"))
    parts.append(MergedPerson.objects.filter(keep__in=found.order_by()).values("person_id"))
    number = re.sub(r"[\s().-]", "", query).upper()
    if len(number) >= SHORTEST_NUMBER and re.search(r"\d", number):
        if may(IdentityDocument, by.db_role):
            numbers = IdentityDocument.objects.filter(number__endswith=number, replaced_at__isnull=True)
            parts.append(numbers.order_by().values("person_id"))
        if may(PersonContact, by.db_role) and number.lstrip("+").isdigit():
            parts.append(PersonContact.objects.filter(phone__contains=number).order_by().values("person_id"))
    return parts
