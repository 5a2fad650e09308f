"""A list as it arrives from the field: every trouble of such lists in one workbook. All people are invented."""

import datetime
import io

import xlsxwriter

HEADERS = [
    "No", "ID", "Surname", "First names", "M/F", "DOB", "Citizen of", "Ppt no", "Ppt ends", "Mobile", "Where from",
    "Pay at home", "Cohort", "Reg date", "Comments",
]  # fmt: skip
DAY = datetime.date(2031, 2, 28)
PEOPLE = [
    [1, "IH-101", "Faleolo", "Sione", "M", "17/05/1994", "Tonga", "T900101 ", DAY, "+676 771 2345", "Kolovai", "1.250", "V1", "03/04/2026", ""],
    [2, "IH-102", "Tupou", "Mele", "F", "02/01/1996", "Tonga", "T900102", DAY, "+676 771 2346 / +676 881 2346", "Kolovai", "980,50", "V1", "03/04/2026", "speaks English"],
    [3, "IH-103", "Vea", "Tomasi", "1", "1990", "Kingdom of T.", "T9OO1O3", DAY, "", "Neiafu", "K500–3,000", "V1", "04/04/2026", "sick, in hospital last year"],
    [4, "IH-104", "Havili", "ʻAna", "2", "31/04/1990", "Kingdom of T.", "", "", "6767712347", "Neiafu", "", "V1", "04/04/2026", ""],
    [5, "IH-105", "", "Lupe", "f", "12/11/98", "Tonga", "T900105", DAY, "", "", "lots", "Cohort of nowhere", "mid Apr", ""],
    [6, "IH-105", "Lolo", "Pita", "M", "13/12/1991", "Tonga", "", "", "", "", "", "V1", 46115, ""],
    ["", "", "Total", "", "", "", "", "", "", "", "", "", "", "", ""],
]  # fmt: skip


def messy_list(people=PEOPLE, headers=HEADERS) -> bytes:
    """Two sheets, a title and a logo's empty rows above the names of the columns, a total below."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("Read me").write_string(0, 0, "Sent by the village office")
        sheet = book.add_worksheet("Registration")
        book.worksheets()[1].activate()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_string(0, 0, "REGISTRATION DAY – SEASON 2026")
        for number, row in enumerate([headers, *people], start=3):
            for at, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(number, at, cell, day)
                elif cell != "":
                    sheet.write(number, at, cell)
    return content.getvalue()
