"""Good lists of the kinds, as the people who keep them would write them."""

from tests.files.casebook import D, book, case, fill, plain_book, text_case

MONDAY = D(2026, 3, 2)


@case("pay_of_a_week.xlsx", "A week's pay with one column for each deduction and a total below.", kind="pay", by="omar")
def pay(path):
    made = book(path)
    sheet = made.add_worksheet("Week 10")
    head = ["Worker ID", "Period start", "Period end", "Paid on", "Hours worked", "Overtime hours", "Rate", "Gross", "Tax",
            "Deduction: rent", "Deduction: Airfare", "Net", "Currency", "Paid to"]  # fmt: skip
    rows = [head, ["IH-001", MONDAY, D(2026, 3, 8), D(2026, 3, 12), 40, 0, 24.5, 980, 102.9, 150, 50, 677.1, "NZD", "bank"],
            ["IH-002", MONDAY, D(2026, 3, 8), D(2026, 3, 12), "38:30", "", "24.50", "943.25", 99.04, 150, "", 694.21, "NZ$", "cash"]]  # fmt: skip
    fill(sheet, rows, made.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_row(3, 0, ["TOTAL", "", "", "", 78.5])
    sheet.write_formula(3, 7, "=SUM(H2:H3)", None, 1923.25)
    made.close()


text_case(
    "pay_that_does_not_add_up.csv",
    "Periods the wrong way round, two slips for one week, a currency that is not the row's, a deduction below nought.",
    """
Worker ID,Period start,Period end,Hours worked,Gross,Deduction: rent,Net,Currency
IH-001,2026-03-08,2026-03-02,40,980,150,830,NZD
IH-002,2026-03-02,2026-03-08,40,980,-150,830,NZD
IH-002,2026-03-02,2026-03-08,40,AUD 980,150,830,NZD
IH-003,2026-03-02,2026-03-08,,0,,0,NZD
""",
    kind="pay",
    by="omar",
)
text_case(
    "contracts_of_a_season.csv",
    "Contracts in the employer's words.",
    """
Worker ID,Version,Signed on,Language,Employer,Start,Planned end,Hourly rate,Currency,Guaranteed hours,Guarantee period,Pay cycle
IH-001,signed,2025-12-20,English,Orchard Bay,2026-02-01,2026-08-31,24.50,NZD,30,per week,weekly
IH-002,Letter of offer,2025-12-20,English,Orchard Bay,2026-02-01,2026-01-31,24.50,,120,4 weeks,bi-weekly
""",
    kind="contracts",
    by="omar",
)
text_case(
    "deductions_agreed.csv",
    "What may be taken from pay, one withdrawn, one without a currency.",
    """
Worker ID,Item,Agreed total,Amount per period,Currency,From,To,Consent date,Withdrawn on
IH-001,airfare,"1,200",50,NZD,2026-02-08,2026-08-01,2025-12-20,
IH-002,airfare,"1,200",50,NZD,2026-02-08,,2025-12-20,2026-04-01
IH-003,rent,,150,,2026-02-08,,,
""",
    kind="deductions",
    by="omar",
)
text_case(
    "costs_before_leaving.csv",
    "What people paid before leaving, ranges and unknown payers among it.",
    """
Worker ID,Item,Amount,Currency,Date,Paid by,Receipt
IH-001,passport fee,K100,,2025-11-20,self,yes
IH-002,agency fee,"K500–3,000",PGK,2025-11-20,worker,no
IH-003,tea money,50,TOP,2025-11-20,the uncle,
IH-004,bus,12.50,TOP,2025-11-20,worker,n
""",
    kind="costs",
    by="rosa",
)
text_case(
    "surveys_as_noted_on_paper.csv",
    "Surveys in the words of those who asked: a scale in words, another scale, amounts without a currency, a question of another wave, too early.",
    """
Worker code,Wave,Interview date,Outcome,How,What is your main work now,Monthly income,Currency of income,Remittances,Remittance currency,Satisfaction
IH-001,Baseline,20 Dec 2025,,visit,fishing,T$ 450,,,,
IH-002,before leaving,2025-12-21,wrong number,,,,,,,
IH-003,base line,2025-12-21,,on paper,student,400,,,,
IH-004,pre-departure,2025-12-21,reached,phone,no work,0,TOP,,,8
IH-001,6 months,2026-06-20,,phone,,,,NZ$ 600,,very happy
IH-002,six months,2026-06-20,,phone,,,,"600,50",NZD,4/5
RR-001,midline,2026-06-20,,phone,,,,,,8/10
""",
    kind="surveys",
    by="rosa",
)
text_case(
    "papers_of_workers.csv",
    "Papers: one expired, one issued after it ends, one only asked for.",
    """
Worker ID,Type,Number,Country,Issued,Expires,Status
IH-001,visa,V1O0012,New Zealand,2026-01-10,2026-09-10,received
IH-002,Police clearance,PC-77,Tonga,2025-10-01,2026-01-01,verified
IH-003,medical,M-12,Tonga,2026-01-10,2025-01-10,received
IH-004,medical,M-13,Tonga,2026-01-10,,requested
IH-005,chest x-ray,123456,Tonga,2026-01-11,,received
""",
    kind="documents",
)


@case("rates_of_exchange.xlsx", "Rates of a month, one written the European way.", kind="exchange rates")
def rates(path):
    plain_book(
        path,
        [["Month", "From", "To", "Rate", "Source"], [D(2025, 8, 1), "TOP", "NZD", 0.7012, "Reserve Bank"],
         [D(2025, 9, 1), "TOP", "NZD", "0,7015", "Reserve Bank"], ["Oct 2025", "tala", "NZ$", "0.6", "Reserve Bank"]],
    )  # fmt: skip
