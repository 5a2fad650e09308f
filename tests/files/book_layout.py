"""Layouts: letterheads, two rows of names, merged cells, totals, hidden parts, several sheets, comments, colours."""

import datetime

from tests.files.casebook import D, as_csv, book, case, fill, plain_book, text_case

HEAD = ["Worker ID", "Family name", "Given names", "Sex", "Date of birth", "Village"]
PEOPLE = [
    ["LAY-1", "Vaka", "Sela", "F", D(1994, 5, 17), "Kolovai"],
    ["LAY-2", "Moala", "Tevita", "M", D(1990, 2, 28), "Kolovai"],
    ["LAY-3", "Fonua", "Lupe", "F", D(2001, 12, 31), "Neiafu"],
    ["LAY-4", "Havili", "Semisi", "M", D(1988, 2, 29), "Neiafu"],
]
WORDS = [[str(cell) for cell in row] for row in PEOPLE]


@case("letterhead_names_in_row_7.xlsx", "A letterhead of four lines; the names of the columns stand in row 7.")
def letterhead(path):
    made = book(path)
    sheet = made.add_worksheet("Register")
    sheet.merge_range(0, 0, 0, 5, "ISLAND HANDS – WORKER REGISTER", None)
    sheet.write(1, 0, "Prepared by the office in Nukuʻalofa")
    sheet.write(3, 0, "Date:")
    sheet.write(3, 1, "12 January 2026")
    fill(sheet, [HEAD, *PEOPLE], made.add_format({"num_format": "dd mmm yyyy"}), 6)
    made.close()


@case(
    "names_far_down.xlsx",
    "Twenty-five lines of instructions stand above the names, so the sender points at the row.",
    runs=({}, {"header_row": 27}),
)
def far_down(path):
    made = book(path)
    sheet = made.add_worksheet("Form 7")
    for row in range(25):
        sheet.write(row, 0, f"Instruction {row + 1}: fill in block letters.")
    fill(sheet, [HEAD, *PEOPLE], made.add_format({"num_format": "dd/mm/yyyy"}), 26)
    made.close()


@case("merged_villages.xlsx", "The village stands once in a cell merged over the people who live there.")
def merged(path):
    made = book(path)
    sheet = made.add_worksheet("By village")
    dates = made.add_format({"num_format": "yyyy-mm-dd"})
    fill(sheet, [HEAD, *(row[:5] for row in PEOPLE)], dates)
    sheet.merge_range(1, 5, 2, 5, "Kolovai", None)
    sheet.merge_range(3, 5, 4, 5, "Neiafu", None)
    made.close()


text_case(
    "totals_in_the_middle.csv",
    "A line of totals after each village, a grand total in French, and a count without a word at the end.",
    as_csv(
        [
            ["Worker ID", "Family name", "Village", "Home monthly income", "Home income currency"],
            ["LAY-1", "Vaka", "Kolovai", "400", "TOP"],
            ["LAY-2", "Moala", "Kolovai", "350", "TOP"],
            ["", "Sub-total", "", "750", ""],
            ["LAY-3", "Fonua", "Neiafu", "300", "TOP"],
            ["Sous-total", "", "", "300", ""],
            ["LAY-4", "Totala", "Neiafu", "280", "TOP"],
            ["GRAND TOTAL:", "", "", "1330", ""],
            ["", "", "", "4", ""],
        ]
    ),
)


@case("blank_rows_and_blanks.xlsx", "Blank rows between people, rows of spaces, and formatting far below the list.")
def blank_rows(path):
    made = book(path)
    sheet = made.add_worksheet("List")
    dates = made.add_format({"num_format": "yyyy-mm-dd"})
    grey = made.add_format({"bg_color": "#DDDDDD"})
    fill(sheet, [HEAD, PEOPLE[0]], dates)
    fill(sheet, [PEOPLE[1]], dates, 4)
    sheet.write_row(5, 0, ["  ", "\u00a0", " "])
    fill(sheet, [PEOPLE[2]], dates, 7)
    for row in range(40, 45):
        sheet.write_blank(row, 0, None, grey)
    made.close()


text_case(
    "names_on_every_page.csv",
    "A list printed in pages: the names of the columns come again, and so does the title.",
    as_csv([["WORK READY POOL"], [], HEAD, *WORDS[:2], HEAD, *WORDS[2:], HEAD]),
)


@case(
    "hidden_rows_and_columns.xlsx",
    "A filter hides two people, a column is hidden, and so is a sheet: all is said, and hidden people are people.",
)
def hidden(path):
    made = book(path)
    sheet = made.add_worksheet("Pool")
    dates = made.add_format({"num_format": "yyyy-mm-dd"})
    fill(sheet, [HEAD, *PEOPLE], dates)
    sheet.autofilter(0, 0, 4, 5)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.set_column(4, 4, None, None, {"hidden": True})
    other = made.add_worksheet("Old list")
    fill(other, [HEAD, ["LAY-9", "Gone", "Ana", "F", D(1990, 1, 1), ""]], dates)
    other.hide()
    made.close()


@case(
    "one_sheet_per_village.xlsx",
    "Three villages with the same columns, one sheet each, behind a cover: one list; a person on two sheets is told.",
    runs=({}, {"sheet": "Neiafu"}),
)
def per_village(path):
    made = book(path)
    dates = made.add_format({"num_format": "yyyy-mm-dd"})
    cover = made.add_worksheet("Cover")
    cover.write(0, 0, "Register of the season 2026")
    fill(made.add_worksheet("Kolovai"), [HEAD, *PEOPLE[:2]], dates)
    fill(made.add_worksheet("Neiafu"), [["Neiafu and around"], HEAD, *PEOPLE[2:]], dates)
    fill(made.add_worksheet("Ha'apai (2)"), [HEAD, ["LAY-5", "Tau", "Ofa", "wombat", "", "Pangai"], PEOPLE[0]], dates)
    made.close()


@case(
    "sheets_that_differ.xlsx",
    "Instructions first, then the list, then pay with other columns: the list is read, the rest is named.",
)
def differ(path):
    made = book(path)
    dates = made.add_format({"num_format": "yyyy-mm-dd"})
    fill(made.add_worksheet("Read me"), [["How to fill in this form"], ["Use one line a person."]], None)
    fill(made.add_worksheet("Workers"), [HEAD, *PEOPLE[:2]], dates)
    fill(made.add_worksheet("Costs"), [["Worker ID", "Item", "Amount"], ["LAY-1", "visa", 100]], dates)
    fill(made.add_worksheet("Chart data"), [[1, 2, 3], [4, 5, 6]], None)
    made.close()


@case("comments_on_cells.xlsx", "Notes hang on cells as comments, one of them about health.")
def comments(path):
    made = book(path)
    sheet = made.add_worksheet("Pool")
    fill(sheet, [HEAD, *PEOPLE[:3]], made.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_comment("B2", "spelling to be checked with the passport", {"author": "office"})
    sheet.write_comment("C3", "hurt his back in March, see clinic letter", {"author": "office"})
    made.close()


@case(
    "colours_for_a_meaning.xlsx",
    "Red and yellow rows mean something to the sender; a colour is not read, and that is said.",
)
def colours(path):
    made = book(path)
    sheet = made.add_worksheet("Pool")
    head = made.add_format({"bold": True, "bg_color": "#CCFFCC"})
    red = made.add_format({"bg_color": "#FF0000"})
    sheet.write_row(0, 0, HEAD, head)
    fill(sheet, [[*row[:4], str(row[4]), row[5]] for row in PEOPLE], None, 1)
    sheet.write_row(2, 0, [*PEOPLE[1][:4], str(PEOPLE[1][4]), PEOPLE[1][5]], red)
    made.close()


@case("formulas_and_errors.xlsx", "Cells computed by formulas, some of which show an error.")
def formulas(path):
    made = book(path)
    sheet = made.add_worksheet("Pool")
    fill(sheet, [[*HEAD, "Dependants"], *PEOPLE[:3]], made.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_formula("F2", '=PROPER("kolovai")', None, "Kolovai")
    sheet.write_formula("G2", "=1+2", None, 3)
    sheet.write_formula("G3", "=1/0", None, "#DIV/0!")
    sheet.write_formula("F4", "=VLOOKUP(A4,Z:Z,1,0)", None, "#N/A")
    made.close()


@case("stray_cell_far_away.xlsx", "Somebody once typed a letter in column FZ: more columns than are read.")
def stray(path):
    made = book(path)
    sheet = made.add_worksheet("Pool")
    fill(sheet, [HEAD, *PEOPLE], made.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write("IV3", "x")
    made.close()


@case("list_in_the_middle.xlsx", "The list begins in column D; addresses are those of the sheet.")
def in_the_middle(path):
    rows = [["", "", "", *HEAD], *(["", "", "", *row] for row in PEOPLE)]
    rows[2][6] = "wombat"
    plain_book(path, rows, first_row=2)


@case(
    "columns_nobody_knows.xlsx",
    "Columns that are no part of the kind, among them some that try to set an owner, an organisation and a state.",
)
def unknown_columns(path):
    rows = [[*HEAD, "Organisation", "Status", "Owner", "Shoe size", ""]]
    rows += [[*row, "Rival Ltd", "working", "admin", 42, "seen"] for row in PEOPLE[:2]]
    plain_book(path, rows)


text_case(
    "two_columns_of_one_meaning.csv",
    "Passport twice under different names.",
    "Worker ID,Family name,Passport,Passport No.,Passport country\nLAY-1,Vaka,P123456,P123456,Tonga",
)
text_case(
    "no_key_column.csv",
    "Neither a Worker ID nor a passport: nobody can be told apart.",
    "Family name,Given names,Village\nVaka,Sela,Kolovai",
)
text_case("only_names.csv", "A template sent back without a single row.", ",".join(HEAD))
text_case(
    "names_in_french.csv",
    "Names of columns in French, in capitals and with accents.",
    "CODE TRAVAILLEUR;NOM DE FAMILLE;PRÉNOMS;SEXE;DATE DE NAISSANCE;NATIONALITÉ;SITUATION DE FAMILLE\n"
    "LAY-1;Vaka;Séla;F;17 mai 1994;Tonga;célibataire\nLAY-2;Moala;Tévita;M;28 février 1990;Tonga;marié",
)
text_case(
    "names_in_spanish.csv",
    "Names of columns in Spanish; H and M are asked, because M may be a woman or a man.",
    "Código de trabajador;Apellidos;Nombres;Sexo;Fecha de nacimiento;Nacionalidad;Estado civil\n"
    "LAY-1;Xol;María;mujer;17 de mayo de 1994;Guatemala;soltera\nLAY-2;Caal;José;H;3 de abril de 1990;guatemalteco;casado",
)


@case("wide_but_allowed.xlsx", "A hundred and ninety columns, most of them of no use here.")
def wide(path):
    more = [f"Question {n}" for n in range(184)]
    plain_book(path, [[*HEAD, *more], *([*row, *("yes" for _ in more)] for row in PEOPLE[:1])])


@case(
    "very_hidden_sheet.xlsx",
    "The only list stands on a hidden sheet; the visible one is blank.",
    runs=({}, {"sheet": "data"}),
)
def very_hidden(path):
    made = book(path)
    made.add_worksheet("Sheet1")
    sheet = made.add_worksheet("data")
    fill(sheet, [HEAD, *PEOPLE[:2]], made.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.very_hidden()
    made.close()


@case("times_beside_dates.xlsx", "Dates with a time of day, as some programs export them.")
def moments(path):
    made = book(path)
    sheet = made.add_worksheet("Export")
    form = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, ["Worker ID", "Family name", "Registered on"])
    sheet.write_row(1, 0, ["LAY-1", "Vaka"])
    sheet.write_datetime(1, 2, datetime.datetime(2026, 1, 12, 15, 30), form)
    sheet.write_row(2, 0, ["LAY-2", "Moala", "2026-01-12T15:30:00Z"])
    sheet.write_row(3, 0, ["LAY-3", "Fonua", "2026-01-12 3:30 PM"])
    made.close()


@case(
    "groups_over_some_columns.xlsx",
    "Two rows of names of which the upper is merged over some columns only, in two villages; what stands right of a group is no part of it.",
)
def groups(path):
    made = book(path)
    about = made.add_worksheet("Read me")
    about.write_string(0, 0, "Sent by the village office")
    dates = made.add_format({"num_format": "yyyy-mm-dd"})
    for village, person in (("Kolovai", PEOPLE[0]), ("Neiafu", PEOPLE[2])):
        sheet = made.add_worksheet(village)
        sheet.write_string(0, 0, "REGISTRATION DAY")
        sheet.merge_range(2, 0, 2, 4, "Candidate")
        sheet.merge_range(2, 5, 2, 6, "Passport")
        fill(sheet, [["ID", "Surname", "First names", "M/F", "DOB", "No", "Country", "Village", "Phone"]], dates, 3)
        code = person[0].replace("LAY", "GRP")
        fill(sheet, [[code, *person[1:5], f"T9{code[-1]}0101", "Tonga", village, "+676 771 234" + code[-1]]], dates, 4)
    made.close()
