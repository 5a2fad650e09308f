"""What the database itself promises of actions and remedies, beyond what a column can say.

* An action bears the mark "restricted" of its finding, and a step that of its action, with the same owner: composite
  keys. The row policies of employers and recruiters compare with these columns, so they must be true.
* A step that verifies or returns names who reported the work done: a composite key, so that "somebody else" is true.
* No more is paid than was agreed, nor written off than is still owed; one finding has one currency; nothing is taken
  back twice over. A trigger, because the sums stand in other rows. It waits for others who write to the same finding.
"""

from django.db import migrations

# The sentences the user reads; the door says the same before the database has to.
OVER_AGREED = "No more can be paid than was agreed. Record the new agreement first."
OVER_OWED = "No more can be written off than is still owed."
ONE_CURRENCY = "The ledger of a finding has one currency."
NOT_ITS_MIRROR = "An entry is taken back by the same amount of the same kind."
LOCK = 7304

KEYS = """
alter table compliance_finding add constraint finding_mark unique (id, restricted);
alter table compliance_correctiveaction add constraint action_mark unique (id, restricted, owner_id);
alter table compliance_correctivestep add constraint step_doer unique (id, user_id);
alter table compliance_correctiveaction add constraint action_bears_mark_of_finding
  foreign key (finding_id, restricted) references compliance_finding (id, restricted);
alter table compliance_correctivestep add constraint step_bears_mark_of_action
  foreign key (action_id, restricted, owner_id) references compliance_correctiveaction (id, restricted, owner_id);
alter table compliance_correctivestep add constraint step_names_the_doer
  foreign key (answers_id, doer_id) references compliance_correctivestep (id, user_id);
alter table compliance_remedyentry add constraint remedy_bears_mark_of_finding
  foreign key (finding_id, restricted) references compliance_finding (id, restricted);
"""
NO_KEYS = """
alter table compliance_remedyentry drop constraint remedy_bears_mark_of_finding;
alter table compliance_correctivestep drop constraint step_names_the_doer;
alter table compliance_correctivestep drop constraint step_bears_mark_of_action;
alter table compliance_correctiveaction drop constraint action_bears_mark_of_finding;
alter table compliance_correctivestep drop constraint step_doer;
alter table compliance_correctiveaction drop constraint action_mark;
alter table compliance_finding drop constraint finding_mark;
"""

# The rows of one finding are seen together or not at all, so the sums are whole for whoever may write one.
LEDGER = f"""
create or replace function compliance_check_remedy() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare s record; f record;
begin
  perform pg_advisory_xact_lock({LOCK}, hashtext(new.finding_id::text));
  if new.reverses_id is not null and not exists (
      select from compliance_remedyentry e where e.id = new.reverses_id and e.finding_id = new.finding_id
      and e.kind = new.kind and e.amount = -new.amount and e.currency = new.currency) then
    raise exception using errcode = 'check_violation', constraint = 'remedy_mirror', message = '{NOT_ITS_MIRROR}';
  end if;
  select coalesce(case when state <> 'resolved' then owed end, 0) as owed, currency into f
  from compliance_finding where id = new.finding_id;
  select count(distinct currency) as currencies,
         coalesce(sum(amount) filter (where kind = 'claimed'), 0) as claimed,
         coalesce(sum(amount) filter (where kind = 'agreed'), 0) as agreed,
         coalesce(sum(amount) filter (where kind = 'paid'), 0) as paid,
         coalesce(sum(amount) filter (where kind = 'written off'), 0) as written_off
  into s from compliance_remedyentry where finding_id = new.finding_id;
  if s.currencies > 1 or f.currency not in ('', new.currency) then
    raise exception using errcode = 'check_violation', constraint = 'remedy_one_currency', message = '{ONE_CURRENCY}';
  end if;
  if s.paid > s.agreed then
    raise exception using errcode = 'check_violation', constraint = 'remedy_paid_within_agreed', message = '{OVER_AGREED}';
  end if;
  if s.written_off > 0 and s.paid + s.written_off > greatest(s.claimed, s.agreed, f.owed) then
    raise exception using errcode = 'check_violation', constraint = 'remedy_written_off_within_owed', message = '{OVER_OWED}';
  end if;
  return null;
end $$;
"""
TRIGGER = """
create trigger remedy_checked after insert on compliance_remedyentry
  for each row execute function compliance_check_remedy();
"""
NO_LEDGER = """
drop trigger remedy_checked on compliance_remedyentry;
drop function compliance_check_remedy();
"""

SETTLED_KEYS = """
alter table compliance_settlement add constraint settlement_recorder unique (id, user_id, debtor_id);
alter table compliance_settlementend add constraint settlement_end_names_both
  foreign key (settlement_id, recorder_id, debtor_id) references compliance_settlement (id, user_id, debtor_id);
alter table compliance_settlementline add constraint settlement_line_bears_mark_of_finding
  foreign key (finding_id, restricted) references compliance_finding (id, restricted);
alter table compliance_correctivestep add constraint step_mark unique (id, restricted, owner_id);
alter table compliance_stepfile add constraint stepfile_bears_mark_of_step
  foreign key (step_id, restricted, owner_id) references compliance_correctivestep (id, restricted, owner_id);
"""
NO_SETTLED_KEYS = """
alter table compliance_stepfile drop constraint stepfile_bears_mark_of_step;
alter table compliance_correctivestep drop constraint step_mark;
alter table compliance_settlementline drop constraint settlement_line_bears_mark_of_finding;
alter table compliance_settlementend drop constraint settlement_end_names_both;
alter table compliance_settlement drop constraint settlement_recorder;
"""
OVER_PAYMENT = "The shares are more than the payment."
PAID_TWICE = "A payment with this reference is recorded already."
NOT_VERIFIED = "A payment is in the ledger once somebody else has verified it, with the shares that were recorded."
# The lock is taken by debtor: two people who record the same payment at once meet there.
SETTLED = f"""
create or replace function compliance_check_settlement() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_advisory_xact_lock({LOCK}, hashtext('debtor ' || new.debtor_id));
  if exists (
      select from compliance_settlement s where s.id <> new.id and s.pilot_id = new.pilot_id
        and s.debtor_id = new.debtor_id and lower(s.reference) = lower(new.reference) and not exists (
          select from compliance_settlementend e where e.settlement_id = s.id and e.kind = 'withdrawn')) then
    raise exception using errcode = 'check_violation', constraint = 'settlement_once', message = '{PAID_TWICE}';
  end if;
  return null;
end $$;
create or replace function compliance_check_share() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (select sum(l.amount) from compliance_settlementline l where l.settlement_id = new.settlement_id)
      > (select s.amount from compliance_settlement s where s.id = new.settlement_id) then
    raise exception using errcode = 'check_violation', constraint = 'settlement_shares_within', message = '{OVER_PAYMENT}';
  end if;
  return null;
end $$;
create or replace function compliance_check_share_paid() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (
      select from compliance_settlementline l join compliance_settlement s on s.id = l.settlement_id
        join compliance_settlementend e on e.settlement_id = s.id and e.kind = 'verified'
      where l.id = new.settlement_line_id and l.finding_id = new.finding_id and s.currency = new.currency
        and (new.kind = 'paid' and l.amount = new.amount or new.kind = 'agreed' and new.amount <= l.amount and s.agrees))
  then
    raise exception using errcode = 'check_violation', constraint = 'remedy_share_verified', message = '{NOT_VERIFIED}';
  end if;
  return null;
end $$;
"""
SETTLED_TRIGGERS = """
create trigger settlement_checked after insert on compliance_settlement
  for each row execute function compliance_check_settlement();
create trigger share_checked after insert on compliance_settlementline
  for each row execute function compliance_check_share();
create trigger share_paid_checked after insert on compliance_remedyentry
  for each row when (new.settlement_line_id is not null) execute function compliance_check_share_paid();
"""
NO_SETTLED = """
drop trigger share_paid_checked on compliance_remedyentry;
drop trigger share_checked on compliance_settlementline;
drop trigger settlement_checked on compliance_settlement;
drop function compliance_check_share_paid();
drop function compliance_check_share();
drop function compliance_check_settlement();
"""
INSTALL_SETTLEMENTS = [
    migrations.RunSQL(SETTLED_KEYS, NO_SETTLED_KEYS),
    migrations.RunSQL(SETTLED + SETTLED_TRIGGERS, NO_SETTLED),
]
INSTALL = [migrations.RunSQL(KEYS, NO_KEYS), migrations.RunSQL(LEDGER + TRIGGER, NO_LEDGER)]
