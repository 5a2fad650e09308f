"""The name under which somebody acts, kept with what they decide: a signature does not change with the person's name."""

from accounts.models import User
from accounts.scope import Scope


def name_of(by: Scope) -> str:
    """The name of the person who acts, else the e-mail address; empty for the portal's own hands."""
    if by.user_id is None:
        return ""
    name, email = User.objects.filter(pk=by.user_id).values_list("name", "email").get()
    return name or email
