"""The metrics: ``METRICS`` is the one list of them, in the order of a report."""

from reports.metrics import (
    alongside,
    curves,
    deployments,
    earnings,
    grants,
    journey,
    keeping,
    money,
    outcomes,
    overview,
    rights,
    standing,
    surveys,
    waiting,
)
from reports.metrics.declaring import Metric, Window

__all__ = ["METRIC", "METRICS", "Metric", "Window"]

METRICS: tuple[Metric, ...] = (
    standing.METRICS + journey.METRICS + waiting.METRICS + curves.METRICS + deployments.METRICS + money.METRICS
    + earnings.METRICS + outcomes.METRICS + rights.METRICS + keeping.METRICS + grants.METRICS
    + surveys.METRICS + alongside.METRICS + overview.METRICS
)  # fmt: skip
METRIC: dict[str, Metric] = {metric.code: metric for metric in METRICS}
