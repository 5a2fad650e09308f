"""Spreadsheets: who may write the tables of a kind sends it; another organisation's list is not there, the programme only looks."""

import io

import xlsxwriter

from workers.sheets.door import check, open_batch


def _batch(cast, name):
    with cast.acting(name) as by:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Worker ID", "Village"])
            sheet.write_row(1, 0, ["IH-001", "Kolovai"])
        batch = open_batch(buffer.getvalue(), "list.xlsx", "workers", cast.pilot(), by=by)
        return check(batch, by=by, today=cast.today).pk


def _person(cast, code):
    return cast.placement(code).person_id


RESOLVE = {"batch": _batch, "worker": _person}
MEMBERS = ("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell", "fay", "dana", "abel")
OUTSIDE = {"zed": 302, "nobody": 302, "opal": 302}
IMPORTERS = ("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "dana", "abel")
PEOPLE = ("ines", "mara", "sefo", "tavi", "dana", "abel")  # whose tables they may write
REFUSED = dict.fromkeys(MEMBERS, 403) | OUTSIDE
OPEN = REFUSED | dict.fromkeys(IMPORTERS, 200)
SEFOS = REFUSED | dict.fromkeys(IMPORTERS, 404)
PAGES = [
    ("workers:imports", {}, OPEN),
    ("workers:imports", {}, REFUSED | dict.fromkeys(IMPORTERS, 422), "post"),
    (
        "workers:import_template",
        {"kind": "workers"},
        REFUSED | dict.fromkeys(IMPORTERS, 404) | dict.fromkeys(PEOPLE, 200),
    ),
    (
        "workers:import_template",
        {"kind": "checks"},
        REFUSED | dict.fromkeys(IMPORTERS, 404) | {"lena": 200, "rosa": 200},
    ),
    ("workers:import", {"pk": "batch=sefo"}, SEFOS | {"sefo": 200, "ines": 200, "mara": 200}),
    ("workers:import_rest", {"pk": "batch=sefo"}, SEFOS | {"sefo": 404, "ines": 403, "mara": 403}, "post"),
    # Nothing in it tells of health or abuse.
    ("workers:import_hand_over", {"pk": "batch=sefo"}, SEFOS | {"sefo": 404, "ines": 403, "mara": 403}, "post"),
    ("workers:import_withheld", {}, REFUSED | {"lena": 200}),
    ("workers:import_withheld_readings", {}, REFUSED | {"lena": 303}, "post"),
    (
        "workers:origins",
        {"pk": "worker=IH-001"},
        REFUSED | dict.fromkeys(IMPORTERS, 200) | {"tavi": 404, "olga": 404, "dana": 404, "abel": 404},
    ),
    # Nothing of her came from a sheet.
    ("workers:origin", {"kind": "workers", "pk": "worker=IH-001"}, REFUSED | dict.fromkeys(IMPORTERS, 404)),
    ("workers:import_columns", {"pk": "batch=sefo"}, SEFOS | {"sefo": 200, "ines": 403, "mara": 403}),
    ("workers:import_columns", {"pk": "batch=sefo"}, SEFOS | {"sefo": 303, "ines": 403, "mara": 403}, "post"),
    ("workers:import_answers", {"pk": "batch=sefo"}, SEFOS | {"sefo": 303, "ines": 403, "mara": 403}, "post"),
    ("workers:import_row", {"pk": "batch=sefo", "number": 2}, SEFOS | {"sefo": 303, "ines": 403, "mara": 403}, "post"),
    (
        "workers:import_sides",
        {"pk": "batch=sefo", "number": 2},
        SEFOS | {"sefo": 303, "ines": 403, "mara": 403},
        "post",
    ),
    (
        "workers:import_habits",
        {"kind": "workers"},
        REFUSED | dict.fromkeys(IMPORTERS, 404) | dict.fromkeys(PEOPLE, 200),
    ),
    # Nothing of the kind is remembered, so there is nothing to forget.
    ("workers:import_habits", {"kind": "workers"}, REFUSED | dict.fromkeys(IMPORTERS, 404), "post"),
    ("workers:import_remainder", {"pk": "batch=sefo"}, SEFOS | {"sefo": 200}),
    ("workers:import_checks", {"pk": "batch=sefo"}, SEFOS | {"sefo": 303, "ines": 403, "mara": 403}, "post"),
    ("workers:import_commits", {"pk": "batch=sefo"}, SEFOS | {"sefo": 303, "ines": 403, "mara": 403}, "post"),
    # Not recorded yet, so there is nothing to take back.
    ("workers:import_undoings", {"pk": "batch=sefo"}, SEFOS | {"sefo": 422, "ines": 403, "mara": 403}, "post"),
]
