"""Addresses of the compliance app. A verb is a row and a row has an address: ``POST /findings/3/waivers/``."""

from django.urls import path

from compliance import case_urls
from compliance.views import actions, checks, coverage, duties, evidence, findings, money, panels, patterns, visits

app_name = "compliance"
urlpatterns = [
    path("checks/", checks.checks, name="checks"),
    path("checks/today/", panels.home_panel, name="home_panel"),
    path("checks/coverage/", coverage.coverage, name="coverage"),
    path("checks/coverage/list/", coverage.coverage_list, name="coverage_list"),
    path("placements/<int:pk>/attempts/", coverage.attempts, name="attempts"),
    path("placements/<int:pk>/attempts/new/", coverage.attempt_new, name="attempt_new"),
    path("checks/<int:pk>/", checks.check, name="check"),
    path("checks/<int:pk>/files/", evidence.files, name="check_files"),
    path("checks/files/<int:pk>/", evidence.file, name="check_file"),
    path("checks/files/<int:pk>/withdrawals/", evidence.withdrawals, name="check_file_withdrawals"),
    path("placements/<int:pk>/checks/", panels.placement_panel, name="placement_panel"),
    path("placements/<int:pk>/checks/new/", checks.check_new, name="check_new"),
    path("placements/<int:pk>/told/", checks.told, name="told"),
    path("sites/<int:pk>/visits/", visits.visits, name="visits"),
    path("sites/<int:pk>/visits/new/", visits.visit_new, name="visit_new"),
    path("duties/", duties.duties, name="duties"),
    path("duties/discharges/", duties.discharges, name="duty_discharges"),
    path("duties/discharges/<int:pk>/withdrawals/", duties.takings_back, name="duty_takings_back"),
    path("pilots/<slug:slug>/duties/starts/", duties.starts, name="duty_starts"),
    path("findings/", findings.findings, name="findings"),
    path("findings/patterns/", patterns.patterns, name="patterns"),
    path("findings/patterns/list/", patterns.pattern_list, name="pattern_list"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/remedies/", findings.remedies, name="remedies"),
    path("findings/<int:pk>/waivers/", findings.waivers, name="waivers"),
    path("findings/<int:pk>/reopenings/", findings.reopenings, name="reopenings"),
    path("findings/<int:pk>/actions/", actions.put, name="action_put"),
    path("findings/<int:pk>/entries/", money.entries, name="entries"),
    path("entries/<int:pk>/reversals/", money.reversals, name="reversals"),
    path("actions/", actions.actions, name="actions"),
    path("actions/today/", actions.actions_panel, name="actions_panel"),
    path("actions/<int:pk>/", actions.action, name="action"),
    path("actions/<int:pk>/reports/", actions.reports, name="action_reports"),
    path("actions/<int:pk>/verifications/", actions.verifications, name="action_verifications"),
    path("actions/<int:pk>/returns/", actions.returns, name="action_returns"),
    path("actions/<int:pk>/withdrawals/", actions.withdrawals, name="action_withdrawals"),
    path("remedies/", money.ledger, name="ledger"),
    path("remedies/findings/", money.ledger_lines, name="ledger_lines"),
    *case_urls.urlpatterns,
]
