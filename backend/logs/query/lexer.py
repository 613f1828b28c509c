"""Cuts a log query into tokens, each with its exact place."""

from dataclasses import dataclass
from enum import StrEnum

from api_client.contract.problems import ErrorCode
from backend.errors import QueryInvalid

WORD_ENDS = frozenset(' \t\r\n()"')


class TokenKind(StrEnum):
    """The kinds of token."""

    WORD = "word"
    PHRASE = "phrase"
    REGEX = "regex"
    RANGE = "range"
    OPEN = "("
    CLOSE = ")"
    FIELD = "field"
    AND = "and"
    OR = "or"
    NOT = "not"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `parts` of a word are pairs (is a wildcard, text)."""

    kind: TokenKind
    start: int
    end: int
    text: str = ""
    parts: tuple[tuple[bool, str], ...] = ()


def invalid(message: str, start: int, end: int) -> QueryInvalid:
    """Return the error of a query that is wrong between two characters."""
    return QueryInvalid(message, start=start, end=end, code=ErrorCode.SEARCH_QUERY_ERROR)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a query, the last of kind END; raise `QueryInvalid` at the first that is wrong."""
    found: list[Token] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        token = _token_at(text, position, found[-1].kind if found else None)
        found.append(token)
        position = token.end
    return [*found, Token(TokenKind.END, len(text), len(text))]


def _token_at(text: str, start: int, before: TokenKind | None) -> Token:
    first = text[start]
    match first:
        case "(":
            return Token(TokenKind.OPEN, start, start + 1)
        case ")":
            return Token(TokenKind.CLOSE, start, start + 1)
        case '"':
            end, phrase = _quoted(text, start, '"', "phrase")
            return _field_or(Token(TokenKind.PHRASE, start, end, phrase), text, before)
        case "/":
            end, pattern = _slashed(text, start)
            return Token(TokenKind.REGEX, start, end, pattern)
        case "[" | "{" if before is TokenKind.FIELD:
            close = text.find("]" if first == "[" else "}", start)
            if first == "{" or close < 0:
                raise invalid("a range is written [low TO high]", start, len(text) if close < 0 else close + 1)
            return Token(TokenKind.RANGE, start, close + 1, text[start + 1 : close])
        case "-" | "!" if before is not TokenKind.FIELD and start + 1 < len(text) and not text[start + 1].isspace():
            return Token(TokenKind.NOT, start, start + 1)
        case _:
            return _word(text, start, before)


def _quoted(text: str, start: int, quote: str, what: str) -> tuple[int, str]:
    content: list[str] = []
    position = start + 1
    while position < len(text):
        character = text[position]
        if character == "\\" and position + 1 < len(text):
            content.append(text[position + 1])
            position += 2
            continue
        if character == quote:
            return position + 1, "".join(content)
        content.append(character)
        position += 1
    raise invalid(f"this {what} has no closing {quote}", start, len(text))


def _slashed(text: str, start: int) -> tuple[int, str]:
    """Read /regex/; only an escaped slash loses its backslash, all else is the expression's own."""
    position = start + 1
    while position < len(text):
        if text[position] == "\\":
            position += 2
            continue
        if text[position] == "/":
            return position + 1, text[start + 1 : position].replace("\\/", "/")
        position += 1
    raise invalid("this regular expression has no closing /", start, len(text))


def _field_or(token: Token, text: str, before: TokenKind | None) -> Token:
    """Turn a quoted text before a colon into a field name."""
    if before is not TokenKind.FIELD and text[token.end : token.end + 1] == ":":
        return Token(TokenKind.FIELD, token.start, token.end + 1, token.text)
    return token


def _word(text: str, start: int, before: TokenKind | None) -> Token:
    parts: list[tuple[bool, str]] = []
    plain: list[str] = []
    position = start
    while position < len(text) and text[position] not in WORD_ENDS:
        character = text[position]
        if character == "\\" and position + 1 < len(text):
            plain.append(text[position + 1])
            position += 2
            continue
        if character == ":" and before is not TokenKind.FIELD and position > start:
            return Token(TokenKind.FIELD, start, position + 1, "".join(plain) + "".join(t for _, t in parts))
        if character in "*?":
            if plain:
                parts.append((False, "".join(plain)))
                plain = []
            parts.append((True, character))
        else:
            plain.append(character)
        position += 1
    if plain:
        parts.append((False, "".join(plain)))
    return _keyword_or_word(text[start:position], tuple(parts), start, position, before)


def _keyword_or_word(
    raw: str, parts: tuple[tuple[bool, str], ...], start: int, end: int, before: TokenKind | None
) -> Token:
    if before is not TokenKind.FIELD and raw in {"AND", "and", "OR", "or", "NOT", "not", "&&", "||"}:
        kind = {"&&": TokenKind.AND, "||": TokenKind.OR}.get(raw) or TokenKind(raw.lower())
        return Token(kind, start, end)
    return Token(TokenKind.WORD, start, end, "".join(text for _, text in parts), parts)
