"""The metrics: ``METRICS`` is the one list of them, in the order of a report."""

from reports.metrics import journey, money, rights
from reports.metrics.declaring import Metric, Window

__all__ = ["METRIC", "METRICS", "Metric", "Window"]

METRICS: tuple[Metric, ...] = journey.METRICS + money.METRICS + rights.METRICS
METRIC: dict[str, Metric] = {metric.code: metric for metric in METRICS}
