"""Files that people send as proof: a photo of a passport, a receipt, a certificate, what was seen at a check.

The door is ``door``: ``look`` (is it harmless, and what is it really?) → ``keep`` → ``withdraw``; ``delivery`` hands a
file out, ``retention`` deletes what has been kept long enough. ``docs/files.md`` has the whole story.

This file stays free of imports: the examiner's child process loads it and must know nothing of the portal.
"""
