"""The API keeps to its own OpenAPI document, whatever it is sent: no 5xx, nothing outside the schema."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fakes.process import platform


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with platform(tmp_path_factory.mktemp("api") / "data", "--no-host") as process:
        yield process


@pytest.fixture(scope="module")
def api_schema(running):
    return schemathesis.openapi.from_url(f"{running.url}/api/v1/openapi.json")


schema = schemathesis.pytest.from_fixture("api_schema")
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@schema.exclude(path_regex="stream").parametrize()
@settings(
    max_examples=12, deadline=None, phases=[Phase.generate, Phase.explicit], suppress_health_check=list(HealthCheck)
)
def test_every_operation_keeps_its_word(case):
    case.call_and_validate(checks=CHECKS)


def test_the_document_covers_every_service(running):
    with running.http() as client:
        paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path in (
        "/api/v1/metrics/promql",
        "/api/v1/logs/search",
        "/api/v1/traces/{trace_id}",
        "/api/v1/alerts/events/{event_id}/ack",
        "/api/v1/sources",
    ):
        assert path in paths
    assert not [
        path
        for path, operations in paths.items()
        for operation in operations.values()
        if "422" in operation["responses"]
    ]
