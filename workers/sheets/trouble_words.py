"""The sorts of problems of a sheet in words, with their counts: one sentence for each code of a problem.

The sentence of one cell stands where the problem is found (``cleaning``, ``dates``, ``matching`` …); these count many.
"""

from typing import Final

from django.utils.translation import ngettext_lazy

# Code -> its sort in words. A code without an entry is counted by its column; its own sentence stands below.
SENTENCES: Final = {
    "running_number": ngettext_lazy(
        "%(n)s cell of “%(column)s” may only count the lines",
        "%(n)s cells of “%(column)s” may only count the lines",
        "n",
    ),
    "ambiguous_date": ngettext_lazy(
        "%(n)s date of “%(column)s” can be read two ways",
        "%(n)s dates of “%(column)s” can be read two ways",
        "n",
    ),
    "wrong_order": ngettext_lazy(
        "%(n)s date of “%(column)s” does not fit",
        "%(n)s dates of “%(column)s” do not fit",
        "n",
    ),
    "incomplete_date": ngettext_lazy(
        "%(n)s date of “%(column)s” is not whole",
        "%(n)s dates of “%(column)s” are not whole",
        "n",
    ),
    "not_a_date": ngettext_lazy(
        "%(n)s cell of “%(column)s” is no date",
        "%(n)s cells of “%(column)s” are no dates",
        "n",
    ),
    "no_such_day": ngettext_lazy(
        "%(n)s date of “%(column)s” does not exist",
        "%(n)s dates of “%(column)s” do not exist",
        "n",
    ),
    "other_calendar": ngettext_lazy(
        "%(n)s date of “%(column)s” is of another calendar",
        "%(n)s dates of “%(column)s” are of another calendar",
        "n",
    ),
    "two_digit_year": ngettext_lazy(
        "%(n)s year of “%(column)s” has two digits",
        "%(n)s years of “%(column)s” have two digits",
        "n",
    ),
    "ambiguous_number": ngettext_lazy(
        "%(n)s amount of “%(column)s” can be read two ways",
        "%(n)s amounts of “%(column)s” can be read two ways",
        "n",
    ),
    "not_a_number": ngettext_lazy(
        "%(n)s cell of “%(column)s” is no number",
        "%(n)s cells of “%(column)s” are no numbers",
        "n",
    ),
    "range": ngettext_lazy(
        "%(n)s cell of “%(column)s” names two amounts",
        "%(n)s cells of “%(column)s” name two amounts",
        "n",
    ),
    "no_currency": ngettext_lazy(
        "%(n)s amount of “%(column)s” has no currency",
        "%(n)s amounts of “%(column)s” have no currency",
        "n",
    ),
    "other_currency": ngettext_lazy(
        "%(n)s amount of “%(column)s” is in another currency than its row",
        "%(n)s amounts of “%(column)s” are in another currency than their row",
        "n",
    ),
    "unknown_word": ngettext_lazy(
        "%(n)s word of “%(column)s” is not known",
        "%(n)s words of “%(column)s” are not known",
        "n",
    ),
    "ambiguous_word": ngettext_lazy(
        "%(n)s word of “%(column)s” can mean several things",
        "%(n)s words of “%(column)s” can mean several things",
        "n",
    ),
    "doubtful": ngettext_lazy(
        "%(n)s cell of “%(column)s” is marked as not sure",
        "%(n)s cells of “%(column)s” are marked as not sure",
        "n",
    ),
    "blank": ngettext_lazy(
        "%(n)s blank cell in “%(column)s”",
        "%(n)s blank cells in “%(column)s”",
        "n",
    ),
    "no_key": ngettext_lazy(
        "%(n)s row does not say whom it is about",
        "%(n)s rows do not say whom they are about",
        "n",
    ),
    "twice": ngettext_lazy(
        "%(n)s row stands twice in the file",
        "%(n)s rows stand twice in the file",
        "n",
    ),
    "twice_person": ngettext_lazy(
        "%(n)s row is about the same person as another",
        "%(n)s rows are about the same person as another",
        "n",
    ),
    "not_a_phone": ngettext_lazy(
        "%(n)s cell of “%(column)s” is no phone number",
        "%(n)s cells of “%(column)s” are no phone numbers",
        "n",
    ),
    "not_a_passport": ngettext_lazy(
        "%(n)s cell of “%(column)s” is no passport number",
        "%(n)s cells of “%(column)s” are no passport numbers",
        "n",
    ),
    "nobody": ngettext_lazy(
        "%(n)s row names nobody whom you see",
        "%(n)s rows name nobody whom you see",
        "n",
    ),
    "no_placement": ngettext_lazy(
        "%(n)s row names somebody without a placement",
        "%(n)s rows name somebody without a placement",
        "n",
    ),
    "unknown_cohort": ngettext_lazy(
        "%(n)s row names a cohort that is not there",
        "%(n)s rows name a cohort that is not there",
        "n",
    ),
    "guard": ngettext_lazy(
        "%(n)s move is not possible",
        "%(n)s moves are not possible",
        "n",
    ),
    "no_move": ngettext_lazy(
        "%(n)s step cannot be reached from where the person stands",
        "%(n)s steps cannot be reached from where the person stands",
        "n",
    ),
}
