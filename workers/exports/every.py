"""The lists of this app, in the order in which they are offered. Those of higher apps: ``lamp_portal/listings.py``."""

from . import of_departures, of_kinds, of_screens
from .listings import Listing

EVERY: dict[str, Listing] = {**of_screens.LISTINGS, **of_departures.LISTINGS, **of_kinds.LISTINGS}
