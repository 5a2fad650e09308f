"""From a finding to its remedy: actions put to an owner and verified by somebody else, and the ledger of what is owed.

Doors: ``actions`` (put, report_done, verify, send_back, withdraw) and ``ledger.record``. ``closing`` says what still
stands between a finding and its end.
"""
