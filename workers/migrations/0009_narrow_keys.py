"""A part of a person leans on the person alone; what another index already answers has none of its own."""

import accounts.rows
import django.db.models.deletion
from django.db import migrations, models


# Django would drop the key and add it again, and PostgreSQL then looks at all rows as the owner, whom row security
# shows none of the pilots: on a database with people the key could not be added. So only the indexes are touched.
DROP = """
do $$
declare i record;
begin
  for i in select c.relname from pg_index x join pg_class c on c.oid = x.indexrelid
           where x.indrelid = 'workers_person'::regclass and not x.indisunique and x.indnatts = 1
             and x.indkey[0] in (select attnum from pg_attribute where attrelid = 'workers_person'::regclass
                                 and attname in ('pilot_id', 'recruiter_id'))
  loop execute format('drop index %I', i.relname); end loop;
end $$
"""
MAKE = "create index on workers_person (pilot_id); create index on workers_person (recruiter_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_row_policies"),
        ("pilots", "0002_row_policies"),
        ("workers", "0008_numbers_taken"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP, MAKE)],
            state_operations=[
                migrations.AlterField(
                    model_name="person",
                    name="pilot",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="pilots.pilot",
                        verbose_name="pilot",
                    ),
                ),
                migrations.AlterField(
                    model_name="person",
                    name="recruiter",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="recruiter",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="consent",
            name="pilot",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pilots.pilot",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="recruiter",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="identitydocument",
            name="person",
            field=accounts.rows.WithinPilot(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="workers.person",
                verbose_name="person",
            ),
        ),
        migrations.AlterField(
            model_name="identitydocument",
            name="pilot",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pilots.pilot",
            ),
        ),
        migrations.AlterField(
            model_name="identitydocument",
            name="recruiter",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="personbackground",
            name="pilot",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pilots.pilot",
            ),
        ),
        migrations.AlterField(
            model_name="personbackground",
            name="recruiter",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="personcontact",
            name="pilot",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pilots.pilot",
            ),
        ),
        migrations.AlterField(
            model_name="personcontact",
            name="recruiter",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
    ]
