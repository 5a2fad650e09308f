"""The metrics: ``METRICS`` is the one list of them, in the order of a report."""

from reports.metrics import deployments, earnings, journey, money, outcomes, rights, waiting
from reports.metrics.declaring import Metric, Window

__all__ = ["METRIC", "METRICS", "Metric", "Window"]

METRICS: tuple[Metric, ...] = (
    journey.METRICS + waiting.METRICS + deployments.METRICS + money.METRICS + earnings.METRICS + outcomes.METRICS
    + rights.METRICS
)  # fmt: skip
METRIC: dict[str, Metric] = {metric.code: metric for metric in METRICS}
