"""Cells: dates of every calendar, money, hours, phones, passports, names and words as the field writes them."""

import datetime

from tests.files.casebook import D, book, case, fill, plain_book, text_case

text_case(
    "dates_that_mean_two_days.csv",
    "03/04/2024 is the third of April or the fourth of March: asked, not guessed; with the order chosen it is a date.",
    """
Worker ID,Family name,Registered on,Date of birth
DAT-1,Vaka,03/04/2024,17/05/1994
DAT-2,Moala,13/04/2024,05/06/1990
DAT-3,Fonua,04/13/2024,07.07.2001
DAT-4,Havili,3-4-2024,2001-7-8
""",
    runs=({}, {"date_order": "dmy"}, {"date_order": "mdy"}),
)
text_case(
    "dates_of_two_digits.csv",
    "Years of two digits: a worker's age leaves one reading of a birth, nothing does so for other dates.",
    """
Worker ID,Family name,Date of birth,Registered on
DAT-1,Vaka,17/05/94,2026-01-12
DAT-2,Moala,13.02.15,2026-01-12
DAT-3,Fonua,1994,12/25/25
DAT-4,Havili,May 1988,25.12.25
""",
)
text_case(
    "dates_in_words.csv",
    "Months in words of three languages, and words that name no day.",
    """
Worker ID,Family name,Registered on
DAT-1,Vaka,3 Apr 2024
DAT-2,Moala,mid Feb
DAT-3,Fonua,le 3 avril 2024
DAT-4,Havili,3 de abril de 2024
DAT-5,Tau,"Wednesday, April 3rd, 2024"
DAT-6,Ika,end of March 2024
DAT-7,Kava,Q1 2024
DAT-8,Lolo,soon
DAT-9,Mone,April 2024
""",
)
text_case(
    "dates_of_other_calendars.csv",
    "Years of the Thai, Nepali and Islamic calendars, once in Thai figures: each named, none turned into another day.",
    """
Worker ID,Family name,Date of birth,Registered on,Passport expiry
DAT-1,Suk,2537-05-17,2026-01-12,2574-05-17
DAT-2,Dee,๑๗/๐๕/๒๕๓๗,,
DAT-3,Thapa,2051-05-17,2082-09-28,2088-03-15
DAT-4,Rana,1994-05-17,1447-07-22,2031-02-28
DAT-5,Amin,1414/12/06,,
""",
)
text_case(
    "dates_as_numbers.csv",
    "Excel's number of a day in a text file, a date without separators, and numbers that are no day.",
    """
Worker ID,Family name,Registered on
DAT-1,Vaka,45383
DAT-2,Moala,20240403
DAT-3,Fonua,45383.75
DAT-4,Havili,7
DAT-5,Tau,202404
DAT-6,Ika,03042024
""",
)
text_case(
    "dates_that_cannot_be.csv",
    "Days that do not exist, lie in the future, or only stand for “no date”.",
    """
Worker ID,Family name,Date of birth,Registered on
DAT-1,Vaka,31/04/1990,2026-01-12
DAT-2,Moala,29/02/1991,2026-01-12
DAT-3,Fonua,9999-12-31,2026-01-12
DAT-4,Havili,1900-01-00,2026-01-12
DAT-5,Tau,1990-01-01,2027-01-12
DAT-6,Ika,1890-01-01,2026-01-12
DAT-7,Kava,2020-01-01,2026-01-12
DAT-8,Lolo,1994-13-01,2026-01-12
DAT-9,Mone,2026-02-01,2026-01-12
""",
)


@case("days_from_1904.xlsx", "A workbook of an old Macintosh counts days from 1904, in dates and in bare numbers.")
def from_1904(path):
    made = book(path, date_1904=True)
    sheet = made.add_worksheet("List")
    fill(
        sheet,
        [["Worker ID", "Family name", "Registered on"], ["DAT-1", "Vaka", D(2024, 4, 3)], ["DAT-2", "Moala", 43922]],
        made.add_format({"num_format": "yyyy-mm-dd"}),
    )
    made.close()


@case("numbers_for_days.xlsx", "The column of dates lost its format, so that bare numbers stand in it.")
def serials(path):
    plain_book(
        path,
        [["Worker ID", "Family name", "Registered on", "Date of birth"], ["DAT-1", "Vaka", 45385, 34471],
         ["DAT-2", "Moala", 46000.5, 1994], ["DAT-3", "Fonua", -5, 12.75], ["DAT-4", "Havili", 80000, 3]],
    )  # fmt: skip


MONEY = """
Worker ID;Family name;Home monthly income;Home income currency
MON-1;Vaka;4,16,789;BDT
MON-2;Moala;Tk 4 lakh;
MON-3;Fonua;1.500,00;EUR
MON-4;Havili;K500–3,000;PGK
MON-5;Tau;NZ$ 1,500.50;
MON-6;Ika;NZ$ 300;AUD
MON-7;Kava;(500);TOP
MON-8;Lolo;-50;TOP
MON-9;Mone;1,500;TOP
MON-10;Naufahu;1 500,50;TOP
MON-11;Ofa;500/-;INR
MON-12;Paea;twelve;TOP
MON-13;Sika;1.5 crore;INR
MON-14;Taai;$ 300;
MON-15;Uata;300;dollars
MON-16;Vea;1,2,3;TOP
MON-17;Wolf;12.345;TOP
MON-18;Yam;nil;TOP
MON-19;Zed;0;TOP
MON-20;Afu;999999999999999;TOP
"""
text_case("money_of_every_country.csv", "Amounts as ten countries write them, ranges, signs and words.", MONEY)
text_case(
    "money_european.csv",
    "1.500 is fifteen hundred or one and a half: asked; with the decimal sign chosen it is an amount.",
    "Worker ID;Family name;Home monthly income;Home income currency\nMON-1;Vaka;1.500;EUR\nMON-2;Moala;1.500,50;EUR\n"
    "MON-3;Fonua;12,5;EUR\nMON-4;Havili;1,500;EUR",
    runs=({}, {"decimal_sign": ","}, {"decimal_sign": "."}),
)
text_case(
    "money_without_currency.csv",
    "No currency anywhere: asked once for the file.",
    "Worker ID,Family name,Home monthly income\nMON-1,Vaka,450\nMON-2,Moala,Rs 300\nMON-3,Fonua,",
    runs=({}, {"currency": "TOP"}),
)


@case(
    "hours_of_every_shape.xlsx",
    "Hours as 7.5, 7:30, 7h30, times and durations of the spreadsheet; blank is not nought.",
    kind="pay",
    by="omar",
)
def hours(path):
    made = book(path)
    sheet = made.add_worksheet("Week 15")
    dates = made.add_format({"num_format": "yyyy-mm-dd"})
    clock, long = made.add_format({"num_format": "hh:mm"}), made.add_format({"num_format": "[h]:mm"})
    rows = [["Worker ID", "Period start", "Period end", "Hours worked", "Gross", "Currency", "Net"]]
    shapes = [7.5, "7:30", "7h30", "38:30", "", "7,5", "eight", 0.3125, 800, "7:75"]
    rows += [
        [
            "IH-001",
            D(2026, 3, 2) + datetime.timedelta(7 * n),
            D(2026, 3, 8) + datetime.timedelta(7 * n),
            hours,
            180,
            "NZD",
            180,
        ]
        for n, hours in enumerate(shapes)
    ]
    fill(sheet, rows, dates)
    for n in range(4):
        fill(sheet, [["IH-002", D(2026, 3, 2 + 7 * n), D(2026, 3, 8 + 7 * n), "", 180, "NZD", 180]], dates, 11 + n)
    sheet.write_datetime(11, 3, datetime.time(7, 30), clock)
    sheet.write_number(12, 3, 37.5 / 24, long)
    sheet.write_number(13, 3, 37.5 / 24, clock)
    sheet.write_datetime(14, 3, D(2026, 3, 8), dates)
    made.close()


@case(
    "numbers_longer_than_any_time.xlsx",
    "Phones and hours under the format of a length of time: what is longer than any is read as the number that it is.",
    kind="pay",
    by="omar",
)
def longer_than_any_time(path):
    made = book(path)
    sheet = made.add_worksheet("Week 16")
    dates, long = made.add_format({"num_format": "yyyy-mm-dd"}), made.add_format({"num_format": "[h]:mm"})
    fill(sheet, [["Worker ID", "Period start", "Period end", "Hours worked", "Gross", "Currency", "Net"]], dates)
    for row, hours in enumerate((37.5 / 24, 6767712345, -1e12, 771234, 999999999.99999999), start=1):
        monday = D(2026, 3, 2) + datetime.timedelta(7 * row)
        fill(sheet, [["IH-001", monday, monday + datetime.timedelta(6), "", 180, "NZD", 180]], dates, row)
        sheet.write_number(row, 3, hours, long)
    made.close()


text_case(
    "phones_of_every_shape.csv",
    "Several numbers in one cell, words among them, and numbers a spreadsheet has shortened.",
    """
Worker ID,Family name,Phone
PHO-1,Vaka,+676 777 1234
PHO-2,Moala,00676 7771235
PHO-3,Fonua,7771236 / 7781236
PHO-4,Havili,"Mob: 777-1237, home 23-456"
PHO-5,Tau,7771238; 7771239; 7771240
PHO-6,Ika,6.76777E+09
PHO-7,Kava,ask his sister
PHO-8,Lolo,(+676) 777 1241
PHO-9,Mone,+61 (0)4 1234 5678
PHO-10,Naufahu,'0777124
PHO-11,Ofa,nil
PHO-12,Paea,٠٧٧٧١٢٤٥
""",
)


@case(
    "numbers_that_lost_their_noughts.xlsx", "Phones, papers and Worker IDs typed as numbers: what may be lost is said."
)
def lost_noughts(path):
    plain_book(
        path,
        [["Worker ID", "Family name", "Phone", "National ID", "Passport number", "Passport country"],
         ["NUM-1", "Vaka", 7771234, 184466, 1234567, "Nepal"],
         [1042, "Moala", 6767771235, 12345678901234567, "", ""],
         [7.5, "Fonua", 777.5, "0184467", "", ""],
         ["NUM-4", "Havili", "0777123", "0184468", 1.23456789012e15, "Nepal"]],
    )  # fmt: skip


text_case(
    "passports_with_letters_for_digits.csv",
    "O for 0 and I for 1, judged by the shape of the country's passports; blanks, dashes and small letters go.",
    """
Worker ID,Family name,Passport number,Passport country
PAS-1,Vaka,N12O4567,Sri Lanka
PAS-2,Moala,AI234567,India
PAS-3,Fonua,l1234567,Indonesia
PAS-4,Havili,p 123-456,Tonga
PAS-5,Tau,PO12345,Tonga
PAS-6,Ika,12O45678,Nepal
PAS-7,Kava,XX,Tonga
PAS-8,Lolo,see copy,Tonga
PAS-9,Mone,P123456\u00a0,Fiji
PAS-10,Naufahu,Ｐ１２３４５７,Tonga
PAS-11,Ofa,L12345S,Papua New Guinea
""",
)
text_case(
    "keys_blank_and_twice.csv",
    "Keys that are blank, say nothing, stand twice, or differ only in case.",
    """
Worker ID,Family name,Passport number,Passport country
KEY-1,Vaka,P200001,Tonga
,Moala,P200002,Tonga
n/a,Fonua,,
-,Havili,P200001,Tonga
KEY-1,Tau,,
key-1,Ika,,
KEY-7,Kava,P200007,
???,Lolo,,
,,,
KEY 10,Mone,P2000 10,Tonga
""",
)
text_case(
    "signs_that_nobody_sees.csv",
    "No-break blanks, marks of direction, joiners of no width, a soft hyphen, and a name turned round by force.",
    "Worker ID,Family name,Village\nSIG-1\u00a0,Va\u200bka,Kolo\u00advai\n\ufeffSIG-2,\u200eMoala\u200f,\u2003Kolovai \u00a0 East\n"
    "SIG-3,\u202ealaoM\u202c,Neiafu\nSIG-4,Fonua\u0301,Neiafu\nSIG-5,Ha\x07vili,Neiafu\nSIG-6,محمد علی,کراچی\nSIG-7,Ta\ufffdu,Neiafu",
)
text_case(
    "names_of_every_shape.csv",
    "People with one name, titles, nicknames, apostrophes of three kinds, and what is no name.",
    '''
Worker ID,Family name,Given names,Name as in passport
NAM-1,,Lupe,LUPE
NAM-2,Rev. Moala,Tevita,
NAM-3,Fonua,"Sione ""John""",
NAM-4,'Otai,ʻAna,‘OTAI ANA
NAM-5,O'Brien-Taufa,Mary Jane,
NAM-6,12345,Tom,
NAM-7,???,Tom,
NAM-8,Kava2,Tom,
NAM-9,,,
NAM-10,Nguyễn,Thị Ánh,NGUYEN THI ANH
NAM-11,MR KAVA,MRS ANA,
NAM-12,山田,太郎,YAMADA TARO
NAM-13,Vakaâ€™uta,Ana,
NAM-14,=Kava,Ana,
''',
)
text_case(
    "words_for_sex.csv",
    "M, F, Male, 1, 2, blank and slips of the hand; 1 and 2 are asked, because forms print them both ways.",
    "Worker ID,Family name,Sex\n" + "\n".join(f"SEX-{n},Vaka,{word}" for n, word in enumerate(
        ["M", "f", "Male", "FEMALE", "1", "2", "", "Femal", "Fmale", "man", "x", "prefer not to say", "-", "both", "0"])),
)  # fmt: skip
text_case(
    "words_for_countries.csv",
    "Countries by old name, short form, nationality and code; two Congos are asked.",
    "Worker ID;Family name;Nationality\n" + "\n".join(f"COU-{n};Vaka;{word}" for n, word in enumerate(
        ["Papua N.G.", "PNG", "Timor", "East Timor", "Korea", "South Korea", "i-Kiribati", "NEPALI", "Tuvallu", "U.K.",
         "Congo", "Atlantis", "Côte d’Ivoire", "Vietnam", "Solomons"])),
)  # fmt: skip
text_case(
    "words_for_what_happened.csv",
    "The field's words for a worker's state: neutral ones come out, doubtful ones are asked.",
    """
Worker ID,Status,Date,Reason,Remarks
IH-001,absc,2026-06-02,low pay,
IH-002,gone home?,2026-06-02,,
IH-003,AWOL,2026-06-02,,
IH-004,short listed,2026-01-05,,seemed keen
RR-001,ran away,2026-06-02,,
RR-002,removed,2026-06-02,,
RR-003,zzz,2026-06-02,,
IH-005,Shortlisted,2026-01-05,,
NOBODY-1,working,2026-06-02,,
""",
    kind="moves",
)
text_case(
    "comments_about_health.csv",
    "A column of comments that tells of health and abuse: warned about, kept out of the open store.",
    """
Worker ID,Family name,Comments,Remarks
COM-1,Vaka,speaks two languages,
COM-2,Moala,"pregnant, sent home",
COM-3,Fonua,,beaten by the supervisor
COM-4,Havili,blesse au dos,harmless
""",
)
text_case(
    "notes_about_health.csv",
    "Notes of moves that tell of abuse: the move is taken, the note is not.",
    "Worker ID,Step,Date,Note\nIH-004,shortlisted,2026-01-05,good picker\nIH-005,shortlisted,2026-01-05,was hit at home",
    kind="moves",
)
text_case(
    "cells_that_begin_like_formulas.csv",
    "Cells that would run as formulas in a spreadsheet: text here, refused where no name begins so.",
    """
Worker ID,Family name,Given names,Village,Email
FOR-1,=cmd|'/C calc'!A0,Ana,Kolovai,
FOR-2,Vaka,@SUM(1),Kolovai,
FOR-3,Moala,Ana,"=HYPERLINK(""http://x.example"",""click"")",
FOR-4,Fonua,-2+3,Kolovai,
FOR-5,Havili,Ana,+676 road,=1+1
=1+1,Tau,Ana,Kolovai,
""",
)


@case("formulas_as_text.xlsx", "The same in a workbook, as text cells.")
def formula_text(path):
    plain_book(path, [["Worker ID", "Family name", "Village"], ["FOR-1", "=1+1", "=cmd"], ["FOR-2", "Vaka", "@home"]])


@case("numbers_kept_as_text.xlsx", "Every number of the list is text, with apostrophes and blanks around.")
def numbers_as_text(path):
    plain_book(
        path,
        [["Worker ID", "Family name", "Dependants", "Home monthly income", "Home income currency", "Date of birth"],
         ["TXT-1", "Vaka", " 3 ", "450.00 ", "TOP ", " 1994-05-17"],
         ["TXT-2", "Moala", "'2", "'450", "top", "34471"],
         ["TXT-3", "Fonua", "two", "450,00", "T$", "17.05.1994"],
         ["TXT-4", "Havili", "2.0", "4 50", "paʻanga", "1994/05/17"]],
    )  # fmt: skip


@case("ticked_boxes.xlsx", "TRUE and FALSE of the spreadsheet where yes and no are meant.", kind="training")
def ticked(path):
    plain_book(
        path,
        [["Worker ID", "Course", "Date", "Attended hours", "Passed"],
         ["IH-001", "Safety", D(2026, 1, 20), 7.5, True], ["IH-002", "Safety", D(2026, 1, 20), "7:30", False],
         ["IH-003", "Safety", D(2026, 1, 20), 0, "✓"], ["IH-004", "Safety", D(2026, 1, 20), "", "maybe"]],
    )  # fmt: skip


text_case(
    "columns_with_dates_of_their_own.csv",
    "One column writes days first, the other months first: each has its order said for itself, the file has none.",
    """
Worker ID,Family name,Date of birth,Registered on
OWN-1,Vaka,03/04/1994,04/03/2026
OWN-2,Moala,05/06/1990,01/12/2026
OWN-3,Fonua,17/05/1991,01/31/2026
""",
    runs=({}, {"columns": {"birth_date": {"date_order": "dmy"}, "registered_on": {"date_order": "mdy"}}}),
)
text_case(
    "columns_with_money_of_their_own.csv",
    "Amounts with a decimal comma and without a currency, said for the one column; by the week, where a month is meant.",
    """
Worker ID;Family name;Home monthly income
OWN-1;Vaka;1.250
OWN-2;Moala;980,50
OWN-3;Fonua;75
""",
    runs=(
        {},
        {"columns": {"home_income": {"decimal_sign": ",", "currency": "TOP"}}},
        {"columns": {"home_income": {"decimal_sign": ",", "currency": "TOP", "unit": "week"}}},
    ),
)
text_case(
    "columns_in_units_of_their_own.csv",
    "Wages by the fortnight and guaranteed hours by the day, turned into the month and the week of the contract.",
    """
Worker ID,Version,Signed on,Employer,Start,Planned end,Monthly wage,Currency,Guaranteed hours,Guarantee period
IH-001,signed,2025-12-20,Orchard Bay,2026-02-01,2026-08-31,1300,NZD,7:30,per week
IH-002,signed,2025-12-20,Orchard Bay,2026-02-01,2026-08-31,1000.01,NZD,8,4 weeks
""",
    kind="contracts",
    by="omar",
    runs=({}, {"columns": {"monthly_wage": {"unit": "fortnight"}, "guaranteed_hours": {"unit": "day5"}}}),
)
text_case(
    "lines_counted_as_workers.csv",
    "The column called ID only counts the lines: taken for Worker IDs when somebody says so, and left out when not.",
    """
ID,Family name,Given names,Passport number,Passport country
1,Vaka,Ana,T910001,Tonga
2,Moala,Sela,T910002,Tonga
3,Fonua,Viliami,T910003,Tonga
""",
    runs=({"mapping": {"ID": "worker_id"}}, {"mapping": {"ID": ""}}),
    record=False,
)
text_case(
    "running_numbers_under_worker_code.csv",
    "1, 2, 3 … under a name that means the Worker ID: nothing is taken before it is said what they are.",
    """
Worker code,Family name,Given names
1,Vaka,Ana
2,Moala,Sela
3,Fonua,Viliami
""",
    runs=({}, {"mapping": {"Worker code": "worker_id"}}),
)
text_case(
    "whole_names_in_one_column.csv",
    "The whole name stands in the column of family names: pointed out, and never split.",
    """
Worker ID,Family name,Given names
ONE-1,Ana Vaka,
ONE-2,Suharto,
ONE-3,de la Cruz,Maria
""",
)
