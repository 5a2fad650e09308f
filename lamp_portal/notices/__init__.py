"""Notices by mail: ``kinds.py`` says what is told, ``sending.py`` tells it, ``views.py`` lets each person choose.

A mail holds counts and links, and nothing of whom or what. It is counted under the reader's own rows when it is sent; where
nothing happened nothing is sent.
"""
