"""A theme file: its tables read once, checked, and turned into a Textual theme."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.color import Color, ColorParseError
from textual.css.constants import VALID_STYLE_FLAGS
from textual.theme import Theme

from themes.variables import LISTS, NAMES, STYLES, TABLES

BASE_COLOURS = (
    "primary",
    "secondary",
    "warning",
    "error",
    "success",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
)
# Textual's own style sheets name these only where the sixteen colours are drawn natively.
ANSI_VARIABLES: Mapping[str, str] = {
    "ansi-background": "ansi_black",
    "ansi-foreground": "ansi_white",
    "input-cursor-background": "ansi_black",
    "input-cursor-foreground": "ansi_bright_white",
    "input-selection-background": "ansi_bright_blue",
    "input-selection-foreground": "ansi_black",
    "screen-selection-background": "ansi_bright_blue",
    "screen-selection-foreground": "ansi_black",
}


class ThemeError(Exception):
    """A theme file cannot be used; the text names the file, the key and the reason."""


@dataclass(frozen=True, kw_only=True)
class ThemeFile:
    """The looks of the console, as one file holds them."""

    name: str
    title: str
    dark: bool
    ansi: bool
    base: Mapping[str, str]
    variables: Mapping[str, str]

    def theme(self) -> Theme:
        """Return the theme Textual registers."""
        theme = Theme(self.name, self.base["primary"], dark=self.dark, ansi=self.ansi, variables=self._all_variables())
        for key in BASE_COLOURS:
            setattr(theme, key, self.base[key])
        return theme

    def _all_variables(self) -> dict[str, str]:
        """Return our variables and those of Textual's own widgets that follow from them."""
        ours = self.variables
        native = ANSI_VARIABLES if self.ansi else {}
        return {
            **ours,
            **native,
            "block-cursor-background": ours["cursor-background"],
            "block-cursor-foreground": ours["ink-strong"],
            "block-cursor-text-style": "bold reverse" if self.ansi else "none",
            "border": ours["ink-accent"],
            "border-blurred": ours["ink-rule"],
            "input-selection-background": native.get("input-selection-background", ours["cursor-background"]),
            "footer-background": ours["bar-background"],
            "footer-key-foreground": ours["bar-accent"],
            "footer-description-foreground": ours["bar-foreground"],
            "scrollbar": ours["ink-rule"],
            "scrollbar-hover": ours["ink-faint"],
            "scrollbar-active": ours["ink-accent"],
            "scrollbar-background": self.base["background"],
            "scrollbar-background-hover": self.base["background"],
            "scrollbar-background-active": self.base["background"],
            "scrollbar-corner-color": self.base["background"],
        }


def parse(document: Mapping[str, object], source: str) -> ThemeFile:
    """Return the theme a parsed TOML document describes; `source` names the file in errors."""
    reader = _Reader(source)
    base_table = reader.table(document, "base")
    variables: dict[str, str] = {}
    for table, keys in TABLES.items():
        values = reader.table(document, table)
        reader.refuse_unknown(values, keys, table)
        variables.update({f"{table}-{key}": reader.value(values, key, table) for key in keys})
    for series, count in LISTS.items():
        variables.update(reader.colours(document, series, count))
    reader.refuse_unknown(base_table, BASE_COLOURS, "base")
    reader.refuse_unknown(document, ("name", "title", "dark", "ansi", "base", *TABLES, *LISTS), "the file")
    return ThemeFile(
        name=reader.text(document, "name"),
        title=reader.text(document, "title"),
        dark=reader.flag(document, "dark"),
        ansi=reader.flag(document, "ansi"),
        base={key: reader.value(base_table, key, "base") for key in BASE_COLOURS},
        variables={name: variables[name] for name in NAMES},
    )


@dataclass(frozen=True)
class _Reader:
    """Reads values out of a document and says where one is wrong."""

    source: str

    def table(self, document: Mapping[str, object], key: str) -> Mapping[str, object]:
        """Return the table of that name."""
        value = document.get(key)
        if not isinstance(value, dict):
            raise ThemeError(f"{self.source}: table [{key}] is missing")
        return value

    def text(self, document: Mapping[str, object], key: str) -> str:
        """Return a text that is not empty."""
        value = document.get(key)
        if not isinstance(value, str) or not value:
            raise ThemeError(f"{self.source}: {key} must be a text")
        return value

    def flag(self, document: Mapping[str, object], key: str) -> bool:
        """Return true or false; false where the key is absent."""
        value = document.get(key, False)
        if not isinstance(value, bool):
            raise ThemeError(f"{self.source}: {key} must be true or false")
        return value

    def value(self, table: Mapping[str, object], key: str, where: str) -> str:
        """Return a colour, or a text style where the variable is one."""
        place = f"{where}.{key}"
        value = self.text({place: table.get(key)}, place)
        if f"{where}-{key}" in STYLES:
            if unknown := set(value.split()) - VALID_STYLE_FLAGS:
                raise ThemeError(f"{self.source}: {place}: no such text style: {', '.join(sorted(unknown))}")
            return value
        return self.colour(value, place)

    def colour(self, value: str, place: str) -> str:
        """Return the value if it is a colour."""
        try:
            Color.parse(value)
        except ColorParseError as error:
            raise ThemeError(f"{self.source}: {place}: {value!r} is not a colour") from error
        return value

    def colours(self, document: Mapping[str, object], key: str, count: int) -> dict[str, str]:
        """Return a list of colours as numbered variables."""
        values = document.get(key)
        if not isinstance(values, list) or len(values) != count:
            raise ThemeError(f"{self.source}: {key} must be a list of {count} colours")
        return {f"{key}-{n}": self.colour(str(value), f"{key}[{n}]") for n, value in enumerate(values, 1)}

    def refuse_unknown(self, table: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
        """Refuse a key nobody reads, which is most often a misspelt one."""
        if unknown := set(table) - set(known):
            raise ThemeError(f"{self.source}: {where}: unknown key {', '.join(sorted(unknown))}")
