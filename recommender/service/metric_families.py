"""The metrics of the service, as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from recommender.service.shared_counters import BUCKETS_S, SharedCounters

if TYPE_CHECKING:
    from recommender.service.served_site import ServedSite

__all__ = ["ServiceMetrics"]


class ServiceMetrics(Collector):
    """Requests of all processes of the service, and the site as this process knows it.

    Parameters
    ----------
    counters : SharedCounters
    served : ServedSite
    """

    def __init__(self, counters: SharedCounters, served: ServedSite) -> None:
        self._counters, self._served = counters, served
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def text(self, accept: str) -> tuple[bytes, str]:
        """Return the metrics in a format that a request accepts, and its content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics."""
        yield from self._requests()
        served = self._served
        for name, text, value in (
            ("site_version", "Version of the site.", served.now.version or 0),
            ("site_articles", "Articles of the site.", len(served.now)),
            ("site_updates", "Updates since the base of the site.", served.now.n_updates),
            ("prepared_lists", "Lists that are ready as bytes in this process.", len(served.lists)),
            ("prepared_bytes", "What they take.", served.lists.n_bytes),
            ("ready", "Whether this process is ready.", int(served.is_ready)),
        ):
            yield GaugeMetricFamily(f"recommender_{name}", text, value)

    def _requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "recommender_http_requests", "Requests that were answered.", labels=("route", "method", "status")
        )
        durations = HistogramMetricFamily(
            "recommender_http_request_duration_seconds", "From request to answer.", labels=("route",)
        )
        for counted in self._counters.sums():
            for (method, status), n in counted.requests.items():
                requests.add_metric((counted.route, method, str(status or "other")), n)
            ends = (*map(str, BUCKETS_S), "+Inf")
            buckets = list(zip(ends, accumulate(counted.durations), strict=True))
            if counted.requests:
                durations.add_metric((counted.route,), buckets, counted.seconds)
        yield requests
        yield durations
