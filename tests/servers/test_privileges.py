"""What a prepared database grants beyond a test database: there nobody but the roles named may make temporary tables."""

import pytest
from django.db import connection


@pytest.mark.parametrize(
    ("role", "may"),
    [("lamp_recruiter", True), ("lamp_programme", True), ("lamp_employer", True), ("lamp_reader", False)],
)
def test_who_brings_in_spreadsheets_may_judge_their_rows_in_temporary_tables(db, role, may):
    with connection.cursor() as cursor:
        cursor.execute("select has_database_privilege(%s, 'lamp', 'TEMPORARY')", [role])
        assert cursor.fetchone() == (may,)
