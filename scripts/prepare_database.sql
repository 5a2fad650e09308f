-- What the portal's database needs before the first migration. Run inside that database, by an administrator
-- (and in template1 of a server for development, so that test databases have it); again is harmless.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO lamp_app', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO lamp_backup', current_database());
  -- Whoever may bring in a spreadsheet, and the compiling hand: rows stand in temporary tables while they are judged.
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO lamp_programme, lamp_recruiter, lamp_employer, lamp_welfare, lamp_compiler', current_database());
END
$$;

-- Row security comes before every condition that is not known to be leakproof, so without this a text search
-- reads all rows before its index may help (a thousand times slower at a million rows). None of these functions
-- tells a caller anything of a row that it does not return: they raise no error that depends on the row's text.
-- (A pattern that ends in a lone backslash is an error by its own fault; the app escapes patterns.)
DO $$
DECLARE
  function_name text;
BEGIN
  FOREACH function_name IN ARRAY ARRAY[
    'pg_catalog.textlike(text, text)', 'pg_catalog.texticlike(text, text)',
    'pg_catalog.upper(text)', 'pg_catalog.lower(text)',
    'pg_catalog.ts_match_vq(tsvector, tsquery)',
    'similarity_op(text, text)', 'word_similarity_op(text, text)', 'word_similarity_commutator_op(text, text)'
  ] LOOP
    EXECUTE format('ALTER FUNCTION %s LEAKPROOF', function_name);
  END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'only a superuser may mark functions leakproof: text search under row security stays slow';
END
$$;
