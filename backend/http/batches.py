"""The answer to a batch: how many items are on disk, and why the others are not."""

import secrets
from collections.abc import Sequence

from starlette.responses import Response

from api_client.contract.base import BatchResult, ItemError
from backend.http.answers import answer

_NAMED_ERRORS = 100


def batch_answer(sent: int, errors: Sequence[ItemError]) -> Response:
    """Return 202 with the counts; the first hundred rejected items are named."""
    result = BatchResult(
        accepted=sent - len(errors),
        rejected=len(errors),
        batch_id=secrets.token_hex(8),
        errors=tuple(errors[:_NAMED_ERRORS]),
    )
    return answer(result, status=202)
