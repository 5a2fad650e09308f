"""``workers_fold``: small letters without accents, as a function of the database.

``unaccent`` itself may not stand in a stored column, because its dictionary is looked up by name; naming the
dictionary, as here, makes the answer depend on the text alone.
"""

from django.db import migrations

# The extension may live in a schema of its own on a managed server, so its place is read and not assumed.
INSTALL = migrations.RunSQL(
    """
    do $$
    declare place text := (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
                           where e.extname = 'unaccent');
    begin
      if place is null then
        raise exception 'the extension unaccent is missing: run scripts/prepare_database.sql first';
      end if;
      execute format(
        'create or replace function workers_fold(words text) returns text language sql immutable parallel safe strict
         as $f$ select lower(%I.unaccent(%L::regdictionary, words)) $f$', place, place || '.unaccent');
    end $$
    """,
    "drop function workers_fold(text)",
)
