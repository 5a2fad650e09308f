"""Spreadsheets in and out: reading a file safely, matching its columns, cleaning its cells, and giving back what to
mend.

The doors, in the order a batch passes through them:

* ``reading.read_sheet``        a file of unknown origin -> headers and rows of plain values, or ``SheetRefused`` in
words
* ``columns.match_headers``     headers of a kind of sheet -> which column is which
* ``checking.check_rows``       rows -> clean values, and every problem with its cell address
* ``remainder.remainder_workbook``  refused rows -> a workbook that says what to fix and can be sent again
* ``template.template_workbook``    an empty sheet of a kind, with drop-downs

Nothing here touches the database or reads the clock. This file stays free of imports: the reader's child process
loads it, and that process must know nothing of the portal.
"""
