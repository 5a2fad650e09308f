"""The same person? Look-alikes are sought, shown with reasons, decided by a person, merged and unmerged.

Doors: ``alike`` (before something is recorded), ``seek`` (what changed), ``decide``, ``merge`` and ``unmerge``.
Tables: ``PARTS`` (what is compared, with weights) and ``signs_of`` (by what pairs are found at all).
"""
