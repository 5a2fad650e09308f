"""Telling workers something: texts of a table in their own languages, shown to be printed, read out or sent from a phone."""
