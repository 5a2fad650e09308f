"""Notes, mentions, tasks and what people follow: ``door.py`` writes notes, ``tasks.py`` gives tasks and hands them on,
``following.py`` follows and says what changed. What a role may see is its row policy's to say (``workers/models/notes.py``)."""
