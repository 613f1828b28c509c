"""The embedded store as a log engine."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice

import duckdb
import orjson

from api_client.contract.logs import HistogramBucket, LogAggregations, LogContext, LogHistogram, LogRecord
from api_client.contract.problems import ErrorCode
from backend.clock import utc
from backend.engines.embedded.arrivals import LogArrivals
from backend.engines.embedded.log_predicate import predicate
from backend.engines.embedded.log_rows import COLUMNS, record_of_columns, record_of_row
from backend.engines.embedded.log_search import Place, place_of, read_page
from backend.engines.embedded.log_sql import LEVEL_NAMES, where
from backend.engines.embedded.readers import Readers
from backend.engines.embedded.ring import LogRing
from backend.engines.embedded.single import single
from backend.engines.embedded.tally import Tally
from backend.errors import InvalidRequest, NotFound, QueryInvalid
from backend.logs.port import LogPage, LogQuestion
from backend.logs.query import And, Node, Not, Or, Regex
from backend.window import Window

MAX_BUCKETS = 11_000
SAMPLED_FOR_FIELDS = 2_000


class EmbeddedLogs:
    """Implements `LogEngine` on DuckDB, and on memory at the head of the stream."""

    def __init__(self, readers: Readers, ring: LogRing, arrivals: LogArrivals, tally: Tally) -> None:
        self._readers = readers
        self._ring = ring
        self._arrivals = arrivals
        self._tally = tally

    async def search(
        self,
        question: LogQuestion,
        *,
        limit: int,
        newest_first: bool = True,
        offset: int = 0,
        cursor: str | None = None,
    ) -> LogPage:
        """Return one page of matching records ordered by time, ties by id."""
        place = place_of(cursor) if cursor is not None else None
        window = self._narrowed(question.window, place, newest_first=newest_first)
        condition = where(question)

        def read(database: duckdb.DuckDBPyConnection) -> LogPage:
            _check_expressions(database, question.query)
            rows = read_page(database, window, condition, offset + limit + 1, place, newest_first=newest_first)
            page = rows[offset : offset + limit]
            more = len(rows) > offset + limit
            last = Place(page[-1][1], page[-1][0]).cursor if page and more else None
            return LogPage(tuple(map(record_of_row, page)), last)

        return await self._readers.run(read)

    async def aggregations(self, question: LogQuestion) -> LogAggregations:
        """Count the whole match by level and by service."""
        condition = where(question)
        window = question.window

        def read(database: duckdb.DuckDBPyConnection) -> LogAggregations:
            _check_expressions(database, question.query)
            statement = (
                "SELECT level, service, count(*) FROM logs "
                f"WHERE ts_ns >= ? AND ts_ns < ? AND ({condition.sql}) GROUP BY ALL"
            )
            levels: Counter[str] = Counter()
            services: Counter[str] = Counter()
            values = [window.start_ns, window.end_ns, *condition.values]
            for level, service, count in database.execute(statement, values).fetchall():
                levels[_level_name(level)] += count
                services[service] += count
            return LogAggregations(levels=dict(levels.most_common()), services=dict(services.most_common()))

        return await self._readers.run(read)

    async def histogram(self, question: LogQuestion, step_ns: int) -> LogHistogram:
        """Count per bucket and level; buckets start at multiples of the step, all of them present."""
        if step_ns <= 0:
            raise InvalidRequest("The step of a histogram must be more than nothing.")
        first, last = question.window.start_ns // step_ns, -(-question.window.end_ns // step_ns)
        if last - first > MAX_BUCKETS:
            raise InvalidRequest(f"The histogram would have {last - first} buckets; at most {MAX_BUCKETS} are given.")
        condition = where(question)

        def read(database: duckdb.DuckDBPyConnection) -> LogHistogram:
            _check_expressions(database, question.query)
            statement = (
                "SELECT ts_ns // ?, level, count(*) FROM logs "
                f"WHERE ts_ns >= ? AND ts_ns < ? AND ({condition.sql}) GROUP BY ALL"
            )
            counts: dict[int, dict[str, int]] = defaultdict(dict)
            values = [step_ns, question.window.start_ns, question.window.end_ns, *condition.values]
            for bucket, level, count in database.execute(statement, values).fetchall():
                counts[bucket][_level_name(level)] = count
            buckets = (HistogramBucket(start=utc(at * step_ns), counts=counts.get(at, {})) for at in range(first, last))
            return LogHistogram(step_s=step_ns / 1e9, buckets=tuple(buckets))

        return await self._readers.run(read)

    async def context(self, record_id: str, before: int, after: int) -> LogContext:
        """Return the neighbours of a record in the stream of its service; an unknown id raises `NotFound`."""
        seq = _seq(record_id, NotFound(f"There is no log record {record_id}."))
        end_ns = self._end_ns()

        def read(database: duckdb.DuckDBPyConnection) -> LogContext:
            row = single(database, f"SELECT {COLUMNS} FROM logs WHERE seq = ?", [seq])
            if row is None:
                raise NotFound(f"There is no log record {record_id}.")
            place = Place(row[1], row[0])
            past, future = Window(0, place.ts_ns + 1), Window(place.ts_ns, max(end_ns, place.ts_ns + 1))
            stream = where(LogQuestion(past, service=row[4]))
            earlier = read_page(database, past, stream, before, place, newest_first=True) if before else []
            later = read_page(database, future, stream, after, place, newest_first=False) if after else []
            return LogContext(
                before=tuple(map(record_of_row, reversed(earlier))),
                record=record_of_row(row),
                after=tuple(map(record_of_row, later)),
            )

        return await self._readers.run(read)

    async def after(self, question: LogQuestion, record_id: str, limit: int) -> Sequence[LogRecord]:
        """Return matching records that arrived after the given one, oldest first, whatever the window says."""
        seq = _seq(record_id, InvalidRequest(f"{record_id} is no id of a log record."))
        test = predicate(question)
        recent = self._ring.after(seq) if test else None
        if test is not None and recent is not None:
            matching = (place for place in recent if test(place[1], place[2]))
            return [record_of_columns(*place) for place in islice(matching, limit)]
        condition = where(question)

        def read(database: duckdb.DuckDBPyConnection) -> list[LogRecord]:
            _check_expressions(database, question.query)
            statement = f"SELECT {COLUMNS} FROM logs WHERE seq > ? AND ({condition.sql}) ORDER BY seq LIMIT ?"
            return list(map(record_of_row, database.execute(statement, [seq, *condition.values, limit]).fetchall()))

        return await self._readers.run(read)

    async def newest_id(self) -> str:
        """Return the id of the newest stored record, or an id before all others."""
        return str(self._arrivals.newest)

    async def fields(self, window: Window, limit: int) -> dict[str, list[str]]:
        """Return field names of recent records with their most frequent values, for completion."""
        narrowed = self._narrowed(window, None, newest_first=True)
        condition = where(LogQuestion(narrowed))
        rows = await self._readers.run(
            lambda database: read_page(database, narrowed, condition, SAMPLED_FOR_FIELDS, None, newest_first=True)
        )
        values: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            values["service"][row[4]] += 1
            values["level"][_level_name(row[3])] += 1
            for name, value in {**orjson.loads(row[9]), **orjson.loads(row[8])}.items():
                values[name][value] += 1
        return {name: [value for value, _ in counts.most_common(limit)] for name, counts in sorted(values.items())}

    def _narrowed(self, window: Window, place: Place | None, *, newest_first: bool) -> Window:
        """Cut from a window what lies beyond the newest record or before the place of a cursor."""
        start, end = max(0, window.start_ns), min(window.end_ns, self._end_ns())
        if place is not None and newest_first:
            end = min(end, place.ts_ns + 1)
        elif place is not None:
            start = max(start, place.ts_ns)
        return Window(start, end)

    def _end_ns(self) -> int:
        newest = self._tally.logs.newest_ns
        return 0 if newest is None else newest + 1


def _seq(record_id: str, otherwise: Exception) -> int:
    if not (record_id.isascii() and record_id.isdecimal() and len(record_id) < 19):
        raise otherwise
    return int(record_id)


def _level_name(number: int) -> str:
    return LEVEL_NAMES[number - 1].value if number else "NONE"


def _check_expressions(database: duckdb.DuckDBPyConnection, node: Node | None) -> None:
    """Raise `QueryInvalid` at the place of a regular expression that RE2 does not take."""
    match node:
        case Regex(pattern, _, span):
            try:
                database.execute("SELECT regexp_matches('', ?)", [pattern])
            except duckdb.InvalidInputException as error:
                reason = str(error).removeprefix("Invalid Input Error: ")
                raise QueryInvalid(
                    f"This regular expression is wrong: {reason}",
                    start=span.start,
                    end=span.end,
                    code=ErrorCode.SEARCH_QUERY_ERROR,
                ) from None
        case And(nodes) | Or(nodes):
            for each in nodes:
                _check_expressions(database, each)
        case Not(inner):
            _check_expressions(database, inner)
        case _:
            return
