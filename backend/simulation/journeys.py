"""What visitors do in the shop: journeys of steps, each of which is one request and one trace."""

from dataclasses import dataclass
from math import pi, sin
from random import Random

NANOSECOND = 1_000_000_000
BASE_RATE = 20.0
"""Requests to the storefront per second, on average over a day."""


@dataclass(frozen=True, slots=True)
class Journey:
    """Steps in order, by the name of their endpoint, and how often visitors take this way."""

    name: str
    share: float
    steps: tuple[str, ...]


_HOME, _SEARCH, _PRODUCT = "storefront GET /", "storefront GET /search", "storefront GET /products/{sku}"
_ADD, _CART, _BUY = "storefront POST /cart/items", "storefront GET /cart", "storefront POST /checkout"

JOURNEYS = (
    Journey("browse", 0.32, (_HOME, _SEARCH, _PRODUCT, _PRODUCT)),
    Journey("buy", 0.34, (_HOME, _SEARCH, _PRODUCT, _ADD, _CART, _BUY, "storefront GET /orders/{order}")),
    Journey("buy again", 0.12, ("storefront POST /login", _PRODUCT, _ADD, _BUY)),
    Journey("look up an order", 0.12, (_HOME, "storefront GET /orders", "storefront GET /orders/{order}")),
    Journey("account", 0.10, ("storefront POST /login", "storefront GET /account")),
)
MEAN_STEPS = sum(journey.share * len(journey.steps) for journey in JOURNEYS)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor on a journey, about to take a step; `weight` is how many like it the visitor stands for."""

    journey: Journey
    step: int
    weight: int
    facts: dict[str, str]
    retried: bool = False


def arrival_rate(at_ns: int) -> float:
    """Return journeys per second at a time: a wave over the day with a smaller one of twenty minutes on it."""
    second = at_ns / NANOSECOND
    wave = 1 + 0.18 * sin(2 * pi * (second - 32_400) / 86_400) + 0.06 * sin(2 * pi * second / 1_200)
    return BASE_RATE / MEAN_STEPS * wave


def new_visit(random: Random, weight: int) -> Visit:
    """Return a visitor at the start of a journey, with all that the journey will be about."""
    journey = random.choices(JOURNEYS, [journey.share for journey in JOURNEYS])[0]
    return Visit(journey, 0, weight, _facts(random))


def think_ns(random: Random) -> int:
    """Return how long a visitor reads before the next step."""
    return int(random.lognormvariate(1.4, 0.6) * NANOSECOND)


_TERMS = ("espresso", "running shoes", "usb-c hub", "rain jacket", "desk lamp", "green tea", "headphones", "bike light")


def _facts(random: Random) -> dict[str, str]:
    quantity = random.choice((1, 1, 1, 2, 2, 3, 5))
    return {
        "user": f"u-{random.randint(10_000, 48_000)}",
        "session": f"{random.getrandbits(40):010x}",
        "cart": f"c-{random.getrandbits(28):07x}",
        "order": f"ord-{random.randint(1_000_000, 9_999_999)}",
        "sku": f"SKU-{random.randint(1000, 1600)}",
        "auth": f"{random.getrandbits(24):06X}",
        "term": random.choice(_TERMS),
        "zone": random.choice(("DE-1", "DE-2", "AT-1", "FR-3", "NL-1", "PL-2")),
        "quantity": str(quantity),
        "count": str(random.randint(3, 48)),
        "amount": f"{quantity * random.lognormvariate(3.3, 0.7):.2f}",
        "fee": f"{random.choice((3.9, 4.9, 6.5, 12.9)):.2f}",
        "model": str(random.choice((17, 17, 18))),
    }
