"""One command of the command line: a client, a deadline, and an exit status that means something."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import time
from typing import TYPE_CHECKING

from console.outcome import place_of
from console.start import link_of, settings_of
from console.time_context import TimeUnclear, parse_time

if TYPE_CHECKING:
    from api_client.client import AirisClient

OK, FAILED, USAGE, UNREACHABLE, REFUSED, NOTHING = 0, 1, 2, 3, 4, 5
STATUSES = """exit status:
  0  done             3  the platform does not answer
  1  it failed        4  the platform refused (token, role)
  2  wrong usage      5  nothing was found"""

Work = Callable[["AirisClient", argparse.Namespace], Awaitable[int]]


def run_with_client(arguments: argparse.Namespace, work: Work) -> int:
    """Run a command against the platform that the options name; errors of the client become exit statuses."""
    from console.settings import SettingsInvalid

    try:
        return asyncio.run(_run(arguments, work))
    except KeyboardInterrupt:
        return 130
    except (SettingsInvalid, TimeUnclear) as error:
        return complain(str(error), USAGE)


async def _run(arguments: argparse.Namespace, work: Work) -> int:
    from api_client.errors import ApiError, Missing, Refused, Rejected, Unreachable

    link = link_of(settings_of(arguments))
    try:
        return await work(await link.connect(), arguments)
    except Unreachable as error:
        return complain(f"{error.message}. {error.advice}", UNREACHABLE)
    except Refused as error:
        return complain(f"{error.message}. {error.advice}", REFUSED)
    except Missing as error:
        return complain(error.message, NOTHING)
    except Rejected as error:
        return complain(_pointed(error.message, arguments, error), USAGE)
    except ApiError as error:
        return complain(f"{error.message}. {error.advice}", FAILED)
    finally:
        await link.close()


def _pointed(message: str, arguments: argparse.Namespace, error: Exception) -> str:
    """Return the message of a wrong query with a mark under the mistake."""
    query = getattr(arguments, "query", "")
    text = " ".join(query) if isinstance(query, list) else query
    if not text:
        return message
    start, end = place_of(error, len(text))
    return f"{message}\n  {text}\n  {' ' * start}{'^' * max(1, end - start)}"


def complain(message: str, status: int) -> int:
    """Say on standard error what is wrong; return the exit status."""
    from widgets.text import clean_lines

    lines = clean_lines(message, 2000)
    print("airis:", "\n".join(lines), file=sys.stderr)
    return status


def window(arguments: argparse.Namespace) -> tuple[datetime, datetime]:
    """Return the range that `--range` means, in local time."""
    now = time()
    zone = datetime.now().astimezone().tzinfo or UTC
    start, end = parse_time(arguments.range or "1h", now, zone).window(now)
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)
