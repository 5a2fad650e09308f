"""The metrics: ``METRICS`` is the one list of them, in the order of a report."""

from reports.metrics import (
    alongside,
    curves,
    deployments,
    earnings,
    journey,
    keeping,
    money,
    outcomes,
    rights,
    standing,
    waiting,
)
from reports.metrics.declaring import Metric, Window

__all__ = ["METRIC", "METRICS", "Metric", "Window"]

METRICS: tuple[Metric, ...] = (
    standing.METRICS + journey.METRICS + waiting.METRICS + curves.METRICS + deployments.METRICS + money.METRICS
    + earnings.METRICS + outcomes.METRICS + rights.METRICS + keeping.METRICS + alongside.METRICS
)  # fmt: skip
METRIC: dict[str, Metric] = {metric.code: metric for metric in METRICS}
