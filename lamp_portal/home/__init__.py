"""The first page of each role: what needs this person today. Facts come from the apps; here they are put together."""

from lamp_portal.home.pages import PAGES, page

__all__ = ["PAGES", "page"]
