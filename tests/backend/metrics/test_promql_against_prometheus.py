"""The evaluator answers what a real Prometheus answers.

Samples lie off the grid of the queries: Prometheus 2 and 3 differ for a sample on the very left edge of a range.
"""

import json
import math
import random
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import numpy as np
import pytest

from backend.metrics.port import SeriesColumns
from backend.metrics.promql import evaluate_range

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not shutil.which("prometheus"), reason="Prometheus is not installed"),
]

T0 = 1_700_000_000
END = T0 + 3600
STEP = 60

EXPRESSIONS = """
req
req{job="a"} offset 7m
rate(req[5m])
increase(req[10m])
irate(req[5m])
delta(temp[5m])
idelta(temp[5m])
deriv(temp[5m])
predict_linear(temp[5m], 120)
changes(temp[10m])
resets(req[30m])
sum(rate(req[5m])) by (job)
sum without (instance) (req)
avg(temp)
min by (job) (temp)
max(temp)
count(temp)
group(temp) by (job)
stddev(temp)
stdvar by (job) (temp)
quantile(0.3, temp)
quantile(1.5, temp)
topk(2, temp)
bottomk by (job) (1, temp)
count_values("v", round(temp / 40))
avg_over_time(temp[5m])
sum_over_time(temp[5m])
min_over_time(temp[5m])
max_over_time(temp[5m])
count_over_time(temp[5m])
stddev_over_time(temp[5m])
stdvar_over_time(temp[5m])
quantile_over_time(0.9, temp[5m])
last_over_time(temp[5m])
present_over_time(temp[5m])
absent_over_time(nothing{x="y"}[5m])
absent(temp{job="a"} > 1000)
histogram_quantile(0.9, sum by (le) (rate(lat_bucket[5m])))
histogram_quantile(0.5, rate(lat_bucket[10m]))
req / on (job, instance) temp
req * on (instance) group_left (zone) info
info * on (instance) group_right (zone) req
temp > 50
temp > bool 50
50 < temp
req and on (instance) info
req unless on (instance) info
info or temp
temp == on (job, instance) temp
temp % 7
temp ^ 2
-temp
2 ^ temp > 100
(temp atan2 req) * 1
max_over_time(rate(req[2m])[10m:1m])
avg_over_time((temp > 50)[15m:])
min_over_time(temp[10m:30s] offset 5m)
temp @ 1700001234
rate(req[5m] @ end())
timestamp(temp)
clamp(temp, 20, 60)
clamp_min(temp, 20)
clamp_max(temp, 60)
round(temp, 0.5)
ceil(temp) + floor(temp) - abs(temp)
sgn(temp - 50)
ln(temp) + log2(temp) + log10(temp) + exp(temp / 100) + sqrt(temp)
label_replace(temp, "short", "$1-x", "instance", "(.).*")
label_join(temp, "all", "/", "job", "instance")
scalar(temp{job="a",instance="i0"})
vector(time())
hour() + minute() + month() + day_of_week() + day_of_month() + days_in_month() + year() + day_of_year()
gappy
rate(gappy[5m])
sum_over_time(gappy[3m])
{__name__=~"req|temp", job!="b"}
{job=~".*", instance!~"i0", __name__="temp"}
scalar(temp)
time() - timestamp(req)
sum(temp) / count(temp)
1 + 2 * 3 ^ 2
""".strip().splitlines()


def _series():
    rng = random.Random(7)
    for job in "ab":
        for instance in range(3):
            labels = {"job": job, "instance": f"i{instance}"}
            counter, gauge = 1000.0, 50.0
            req, temp = [], []
            for k in range(400):
                at = T0 - 1800 + k * 15 + 4 + rng.random() * 2
                counter = 1000.0 if k == 260 and instance == 1 else counter + rng.randrange(20)
                gauge = max(1.0, gauge + rng.uniform(-5, 5))
                req.append((at, counter))
                temp.append((at, round(gauge, 3)))
            yield {"__name__": "req", **labels}, req
            yield {"__name__": "temp", **labels}, temp
    for instance in range(2):
        yield (
            {"__name__": "info", "instance": f"i{instance}", "zone": f"z{instance}"},
            [(T0 - 1800 + k * 15 + 4.5, 1) for k in range(400)],
        )
    for le, share in (("0.1", 1), ("0.5", 3), ("1", 4), ("+Inf", 5)):
        yield {"__name__": "lat_bucket", "le": le}, [(T0 - 1800 + k * 15 + 4.5, 500 + k * share) for k in range(400)]
    yield {"__name__": "gappy"}, [(T0 + k * 15 + 4.5, 100 + k) for k in range(240) if k % 60 < 20]


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prometheus")
    lines = []
    for labels, samples in _series():
        inner = ",".join(f'{name}="{value}"' for name, value in labels.items() if name != "__name__")
        lines += [f"{labels['__name__']}{{{inner}}} {value} {at:.3f}" for at, value in samples]
    by_name = sorted(lines, key=lambda line: line.partition("{")[0])
    (folder / "in.txt").write_text("\n".join(by_name) + "\n# EOF\n")
    (folder / "p.yml").write_text("global: {}\n")
    blocks = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(folder / "in.txt"), str(folder / "tsdb")]
    subprocess.run(blocks, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        ["prometheus", f"--config.file={folder}/p.yml", f"--storage.tsdb.path={folder}/tsdb",
         "--storage.tsdb.retention.time=100y", f"--web.listen-address=127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=1).read()
            break
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


def _theirs(base, expr):
    query = urllib.parse.urlencode({"query": expr, "start": T0, "end": END, "step": STEP})
    with urllib.request.urlopen(f"{base}/api/v1/query_range?{query}", timeout=10) as answer:
        found = json.load(answer)["data"]["result"]
    return {
        frozenset(series["metric"].items()): {int(at): float(value) for at, value in series["values"]}
        for series in found
    }


async def _ours(expr):
    import re

    tests = {
        "=": lambda value, wanted: value == wanted,
        "!=": lambda value, wanted: value != wanted,
        "=~": lambda value, wanted: re.fullmatch(wanted, value) is not None,
        "!~": lambda value, wanted: re.fullmatch(wanted, value) is None,
    }

    async def fetch(matchers, start_ms, end_ms):
        found = []
        for labels, samples in _series():
            if all(tests[m.op](labels.get(m.label, ""), m.value) for m in matchers):
                ts = np.array([int(f"{at:.3f}".replace(".", "")) for at, _ in samples], np.int64)
                values = np.array([value for _, value in samples], np.float64)
                inside = (ts >= start_ms) & (ts <= end_ms)
                found.append(SeriesColumns(labels, ts[inside], values[inside]))
        return found

    evaluation = await evaluate_range(expr, T0 * 1000, END * 1000, STEP * 1000, fetch)
    return {
        frozenset(series.labels.items()): dict(
            zip((series.timestamps_ms // 1000).tolist(), series.values.tolist(), strict=True)
        )
        for series in evaluation.series
    }


@pytest.mark.parametrize("expr", EXPRESSIONS)
async def test_same_answer_as_prometheus(prometheus, expr):
    theirs, ours = _theirs(prometheus, expr), await _ours(expr)
    assert theirs, "the expression must have an answer"
    assert set(ours) == set(theirs)
    for labels, points in theirs.items():
        assert set(ours[labels]) == set(points), labels
        for at, value in points.items():
            mine = ours[labels][at]
            assert (math.isnan(mine) and math.isnan(value)) or math.isclose(mine, value, rel_tol=1e-9, abs_tol=1e-9), (
                labels,
                at,
                mine,
                value,
            )
