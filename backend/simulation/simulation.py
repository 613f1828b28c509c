"""The shop in time: visitors come, take their steps, and what they leave behind is released as it ends."""

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from random import Random

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from backend.simulation.announcements import announcements, restarted, storm
from backend.simulation.incidents import NANOSECOND, Conditions, Schedule, conditions
from backend.simulation.journeys import Visit, arrival_rate, new_visit, think_ns
from backend.simulation.metrics import Metrics
from backend.simulation.signals import LogLine, Span, Story
from backend.simulation.walk import walk

TICK_NS = NANOSECOND
WARM_UP_NS = 40 * NANOSECOND
"""How long visitors come before the start, so that the shop is not empty then; nothing of it is told."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What became known in one second of the shop; metrics where it was time for them."""

    at_ns: int
    spans: tuple[Span, ...]
    lines: tuple[LogLine, ...]
    metrics: ExportMetricsServiceRequest | None


class Simulation:
    """A discrete-event model that depends on nothing but its seed, its times and the weights it is told."""

    def __init__(self, random: Random, start_ns: int, schedule: Schedule, weight: int = 1) -> None:
        self._random = random
        self._schedule = schedule
        self._order = count()
        self._steps: list[tuple[int, int, Visit]] = []
        self._stories: list[tuple[int, int, Story]] = []
        self._metrics = Metrics(Random(random.getrandbits(64)), start_ns)
        self._next_visit_ns = start_ns - WARM_UP_NS
        self._before = conditions(schedule.at(start_ns), start_ns)
        self.now_ns = start_ns - WARM_UP_NS
        while self.now_ns < start_ns:
            self._advance(min(start_ns, self.now_ns + TICK_NS), weight)
            self._ended()

    def tick(self, weight: int = 1, *, with_metrics: bool = True) -> Tick:
        """Let one second pass, in which each new visitor stands for `weight` like them."""
        from_ns, now = self.now_ns, self._conditions(self.now_ns + TICK_NS)
        self._advance(self.now_ns + TICK_NS, weight)
        stories = self._ended()
        for story in stories:
            self._metrics.count(story)
        lines = [line for story in stories for line in story.lines]
        lines.extend(announcements(self._before, now, self.now_ns))
        lines.extend(storm(now, from_ns, TICK_NS, weight, self._random))
        for instance in restarted(self._before, now):
            self._metrics.restart(instance, self.now_ns)
        self._before = now
        spans = tuple(span for story in stories for span in story.spans)
        metrics = self._metrics.request(self.now_ns, now) if with_metrics else None
        return Tick(self.now_ns, spans, tuple(lines), metrics)

    def leap(self, to_ns: int) -> None:
        """Leave out a stretch of time, as a machine does that was asleep."""
        self._steps.clear()
        self._stories.clear()
        self.now_ns = self._next_visit_ns = to_ns

    def _advance(self, until_ns: int, weight: int) -> None:
        """Let visitors come and take the steps that are due."""
        while self._next_visit_ns < until_ns:
            heappush(self._steps, (self._next_visit_ns, next(self._order), new_visit(self._random, weight)))
            # Every weight-th arrival of a Poisson process: a thinned past is no rougher than a full one.
            gap_s = self._random.gammavariate(weight, 1 / arrival_rate(self._next_visit_ns))
            self._next_visit_ns += int(gap_s * NANOSECOND)
        while self._steps and self._steps[0][0] < until_ns:
            at_ns, _, visit = heappop(self._steps)
            self._step(visit, at_ns)
        self.now_ns = until_ns

    def _step(self, visit: Visit, at_ns: int) -> None:
        story = walk(visit, at_ns, self._conditions(at_ns), self._random)
        heappush(self._stories, (story.ended_ns, next(self._order), story))
        following = self._following(visit, story)
        if following:
            heappush(self._steps, (story.ended_ns + think_ns(self._random), next(self._order), following))

    def _following(self, visit: Visit, story: Story) -> Visit | None:
        """Return the next step; a visitor whose step failed tries it once more or leaves."""
        if story.status >= 400:
            again = not visit.retried and self._random.random() < 0.6
            return replace(visit, retried=True) if again else None
        is_last = visit.step + 1 == len(visit.journey.steps)
        return None if is_last else replace(visit, step=visit.step + 1, retried=False)

    def _ended(self) -> list[Story]:
        ended = []
        while self._stories and self._stories[0][0] <= self.now_ns:
            ended.append(heappop(self._stories)[2])
        return ended

    def _conditions(self, at_ns: int) -> Conditions:
        return conditions(self._schedule.at(at_ns), at_ns)
