"""People, placements, their journey, papers, pay, costs, and the spreadsheets they arrive in."""
