import tomllib
from itertools import combinations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from themes.loader import SHIPPED, available, load, load_all, read
from themes.model import ThemeError, parse
from themes.variables import LEVELS, NAMES, SEVERITIES, fallbacks

SHIPPED_NAMES = sorted(available())
TRUE_COLOUR = [name for name in SHIPPED_NAMES if name != "sixteen"]
TEXTS = (
    *("ink-text", "ink-strong", "ink-muted", "ink-accent"),
    *(f"severity-{name}" for name in SEVERITIES),
    *(f"level-{name}" for name in LEVELS),
    *(f"status-{name}" for name in ("ok", "live", "paused", "loading", "empty", "partial", "stale", "failed")),
)
MARKS = (
    "ink-faint",
    "mark-threshold",
    "mark-crosshair",
    *(f"chart-{n}" for n in range(1, 9)),
    *(f"service-{n}" for n in range(1, 13)),
)


def luminance(colour):
    def linear(part):
        part /= 255
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b)


def contrast(one, other):
    """WCAG 2.2, section 1.4.3."""
    light, dark = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def as_seen_without_green(colour):
    """Deuteranopia after Viénot, Brettel and Mollon (1999), in linear RGB."""
    r, g, b = (
        ((part / 255 + 0.055) / 1.055) ** 2.4 if part > 10 else part / 255 / 12.92
        for part in (colour.r, colour.g, colour.b)
    )
    yellow = 0.29275 * r + 0.70725 * g
    blue = -0.02234 * r + 0.02234 * g + b
    return tuple(max(0.0, part) ** (1 / 2.2) for part in (yellow, yellow, blue))


def test_the_promised_themes_are_shipped():
    assert {"airis-dark", "airis-light", "high-contrast", "colour-blind", "sixteen"} <= set(SHIPPED_NAMES)
    assert not [theme for theme in load_all() if isinstance(theme, ThemeError)]


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_a_theme_names_every_variable(name):
    theme = load(name)
    assert set(NAMES) <= set(theme.variables)
    assert theme.name == name
    theme.to_color_system().generate()


@pytest.mark.parametrize("name", TRUE_COLOUR)
def test_text_and_marks_can_be_read_on_every_ground(name):
    theme = load(name)
    text_at_least, mark_at_least = (7.0, 7.0) if name == "high-contrast" else (4.5, 3.0)
    grounds = (theme.background, theme.surface, theme.variables["cursor-background"], theme.variables["cursor-blurred"])
    for ground in grounds:
        for text in TEXTS:
            assert contrast(theme.variables[text], ground) >= text_at_least, (text, ground)
        for mark in MARKS:
            assert contrast(theme.variables[mark], ground) >= mark_at_least, (mark, ground)


@pytest.mark.parametrize("name", TRUE_COLOUR)
def test_pairs_can_be_read(name):
    values = load(name).variables
    for fore, back in (
        ("match-foreground", "match-background"),
        ("simulation-foreground", "simulation-background"),
        ("bar-foreground", "bar-background"),
        ("bar-accent", "bar-background"),
    ):
        assert contrast(values[fore], values[back]) >= 4.5, (fore, back)


@pytest.mark.parametrize("name", TRUE_COLOUR)
def test_severities_differ(name):
    values = load(name).variables
    assert len({values[f"severity-{severity}"] for severity in SEVERITIES}) == len(SEVERITIES)


def test_severities_differ_for_the_colour_blind():
    values = load("colour-blind").variables
    seen = {severity: as_seen_without_green(Color.parse(values[f"severity-{severity}"])) for severity in SEVERITIES}
    for one, other in combinations(SEVERITIES, 2):
        distance = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
        assert distance > 0.1, (one, other)


def test_sixteen_colours_are_the_terminals_own():
    theme = load("sixteen")
    colours = {name: value for name, value in theme.variables.items() if name in NAMES and name != "cursor-style"}
    assert theme.ansi
    assert all(value.startswith("ansi_") for value in colours.values())


@pytest.mark.parametrize("name", [*BUILTIN_THEMES])
def test_any_textual_theme_gets_every_variable(name):
    values = fallbacks(BUILTIN_THEMES[name])
    assert set(values) == set(NAMES)
    for variable, value in values.items():
        if variable != "cursor-style" and "auto" not in value:
            Color.parse(value.split()[0])


def document():
    return tomllib.loads((SHIPPED / "airis-dark.toml").read_text())


def test_a_mistake_is_named_with_file_and_key():
    broken = document()
    broken["severity"]["critical"] = "rot"
    with pytest.raises(ThemeError, match=r"mine.toml: severity.critical: 'rot' is not a colour"):
        parse(broken, "mine.toml")
    broken = document()
    del broken["level"]["warn"]
    with pytest.raises(ThemeError, match=r"mine.toml: level.warn must be a text"):
        parse(broken, "mine.toml")
    broken = document()
    broken["severity"]["critcal"] = "#ffffff"
    with pytest.raises(ThemeError, match=r"severity: unknown key critcal"):
        parse(broken, "mine.toml")
    broken = document()
    broken["chart"] = ["#ffffff"]
    with pytest.raises(ThemeError, match=r"chart must be a list of 8 colours"):
        parse(broken, "mine.toml")


def test_a_users_theme_wins_and_a_broken_one_does_not_stop_the_others(tmp_path):
    text = (SHIPPED / "airis-dark.toml").read_text()
    (tmp_path / "airis-dark.toml").write_text(text.replace('title = "Airis dark"', 'title = "Mine"'))
    (tmp_path / "bad.toml").write_text("name = ")
    assert read(available(tmp_path)["airis-dark"]).title == "Mine"
    themes = list(load_all(tmp_path))
    assert len([theme for theme in themes if isinstance(theme, ThemeError)]) == 1
    assert len(themes) == len(SHIPPED_NAMES) + 1


def test_an_unknown_theme_names_those_there_are():
    with pytest.raises(ThemeError, match="airis-dark"):
        load("nothing-like-it")
