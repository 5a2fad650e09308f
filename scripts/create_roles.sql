-- The database roles of the portal, for the whole server. Run once by an administrator, in any database;
-- running it again is harmless. Passwords are not set here: `ALTER ROLE lamp_app PASSWORD '...'` (docs/deploy.md).
-- Then: CREATE DATABASE lamp OWNER lamp_owner; and scripts/prepare_database.sql inside that database.

DO $$
DECLARE
  reader text;
BEGIN
  -- Owns the tables and migrates. Never used by the web or the workers.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lamp_owner') THEN
    CREATE ROLE lamp_owner LOGIN;
  END IF;
  ALTER ROLE lamp_owner LOGIN INHERIT CREATEDB CREATEROLE;

  -- The log-in of the web and the workers: owns nothing, passes no policy by.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lamp_app') THEN
    CREATE ROLE lamp_app LOGIN NOINHERIT;
  END IF;
  ALTER ROLE lamp_app LOGIN NOINHERIT NOCREATEDB NOCREATEROLE;

  -- Reads everything for backups and writes nothing.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lamp_backup') THEN
    CREATE ROLE lamp_backup LOGIN;
  END IF;
  ALTER ROLE lamp_backup LOGIN NOCREATEDB NOCREATEROLE;
  ALTER ROLE lamp_backup SET default_transaction_read_only = on;

  -- One role for each kind of reader, each with its own policies. Nobody logs in as one of them: the app
  -- becomes one for the length of a transaction (SET LOCAL ROLE) and has none of its rights before that.
  FOREACH reader IN ARRAY ARRAY[
    'lamp_programme', 'lamp_safeguarding', 'lamp_recruiter', 'lamp_employer', 'lamp_welfare',
    'lamp_reader', 'lamp_operator', 'lamp_compiler', 'lamp_desk'
  ] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = reader) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', reader);
    END IF;
    EXECUTE format('GRANT %I TO lamp_app WITH INHERIT FALSE, SET TRUE', reader);
    EXECUTE format('GRANT %I TO lamp_owner WITH ADMIN TRUE, INHERIT FALSE, SET TRUE', reader);
  END LOOP;
END
$$;

-- An administrator who is no superuser (managed services) must be able to make a database for the owner.
DO $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT lamp_owner TO %I WITH INHERIT TRUE, SET TRUE', current_user);
  END IF;
END
$$;

-- Only a superuser may say these. Elsewhere new roles have the right values anyway, but for BYPASSRLS.
DO $$
BEGIN
  ALTER ROLE lamp_owner NOSUPERUSER NOBYPASSRLS NOREPLICATION;
  ALTER ROLE lamp_app NOSUPERUSER NOBYPASSRLS NOREPLICATION;
  ALTER ROLE lamp_backup NOSUPERUSER NOREPLICATION;
EXCEPTION WHEN insufficient_privilege THEN
  IF EXISTS (SELECT FROM pg_roles
             WHERE rolname IN ('lamp_owner', 'lamp_app') AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'lamp_owner or lamp_app could pass row security by, and you may not change that';
  END IF;
END
$$;

DO $$
BEGIN
  ALTER ROLE lamp_backup BYPASSRLS;
  GRANT pg_read_all_data TO lamp_backup;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'lamp_backup did not get BYPASSRLS: use the back-ups of your provider (docs/deploy.md)';
END
$$;
