"""Restricted cases become restricted grievances: the old rows are carried over, then their tables go."""

from django.db import migrations

# The owner is bound by the policies too (FORCE), so it is let through for the length of this transaction.
TABLES = ("grievance", "grievanceidentity", "grievanceevent")
OPEN = ";".join(f"alter table compliance_{t} no force row level security" for t in TABLES)
SHUT = ";".join(f"alter table compliance_{t} force row level security" for t in TABLES)
DRAWN = "(2199023255552 + floor(random() * 4501400604114944))::bigint"
CARRY = f"""
{OPEN};
create temporary table carried on commit drop as
  select c.*, {DRAWN} as new_id, array(
    select r from unnest(c.reader_ids) r where not exists (select from accounts_membership m
      where m.user_id = r and m.organisation_id = any(c.concerned_ids) and m.ended_at is null)) as readers
  from compliance_restrictedcase c;
insert into compliance_grievance (id, pilot_id, code, sensitivity, reader_ids, lead_id, concerned_ids, concerned_user_ids,
  category, channel, language, interpreter, account, words_sha256, summary, indicators, urgent, safe_now, limits_told,
  options_told, wishes, companion_offered, consent_to_share, followup_hash, stage, stage_since, opened_on, progressed_on,
  remedy_kind, remedy_words, currency, closed_on, satisfaction, agreed_to_close, root_cause, recorded_at, revision)
select new_id, pilot_id, code, 'restricted', readers, null, concerned_ids, '{{}}', category, 'in person', '', '', account,
  encode(sha256(convert_to(account, 'UTF8')), 'hex'), '', indicators, false, safe_now, false, '{{}}', wishes, false,
  consent_to_share, encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex'),
  case state when 'closed' then 'closed' else 'new' end, coalesce(closed_on, opened_on), opened_on,
  coalesce(closed_on, opened_on), '', '', '', closed_on, case state when 'closed' then 'not reached' else '' end,
  state = 'closed', '', recorded_at, revision from carried;
insert into compliance_grievanceidentity (id, pilot_id, grievance_id, placement_id, name, contact, reader_ids, recorded_at)
select {DRAWN}, pilot_id, new_id, placement_id, '', '', readers, recorded_at from carried where placement_id is not null;
insert into compliance_grievanceevent (id, pilot_id, grievance_id, kind, from_stage, to_stage, happened_on, text, user_id,
  organisation_id, who, recorded_at)
select {DRAWN}, e.pilot_id, c.new_id,
  case e.kind when 'added' then 'note' when 'closed' then 'moved' when 'reopened' then 'moved' else e.kind end, '',
  case e.kind when 'closed' then 'closed' when 'reopened' then 'reopened' else '' end, e.happened_on, e.text, e.user_id,
  e.organisation_id, e.who, e.recorded_at from compliance_caseentry e join carried c on c.id = e.case_id;
set constraints all immediate;
{SHUT};
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0022_take_back_checks'),
    ]

    operations = [
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        migrations.DeleteModel(name='CaseEntry'),
        migrations.DeleteModel(name='RestrictedCase'),
    ]
