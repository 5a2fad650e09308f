"""What every row about an edition carries: downloads, links, notices, what readers say, withdrawals."""

from django.db import models

from accounts.models import Organisation, User
from pilots.models import Pilot


class OfEdition(models.Model):
    """What somebody did with an edition. ``pilot`` and ``organisation`` are the edition's own: the organisation reads it."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        abstract = True
