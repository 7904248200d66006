"""What leaves this machine for a model elsewhere goes without names and numbers of persons, and comes back with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.model import LONGEST_REPLY, Message, Model
from ingestion.identifiers import identifiers
from ingestion.mask import Person, aliases, mask_text, protected_persons, unmask
from ingestion.persons import mentions
from ingestion.places import addresses
from ingestion.roll import everyone

_BORN = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?=出?生)")


def names_in(text: str) -> frozenset[str]:
    """The names of all persons whom a text names, officials and given names that stand alone among them.

    What is hidden without need comes back all the same.
    """
    roll = everyone(text)
    named = {person.name for person in (*roll.persons, *roll.officials, *protected_persons(text))}
    return frozenset(named | {mention.name for mention in mentions(text) if not mention.masked} | set(roll.short))


@dataclass(frozen=True)
class Cloak:
    """Aliases of names, and notes in place of numbers: both ways."""

    names: dict[str, str]
    values: dict[str, str]

    def hidden(self, text: str) -> str:
        """The text as it may leave."""
        for value, note in self.values.items():
            text = text.replace(value, note)
        return mask_text(text, self.names)

    def restored(self, text: str) -> str:
        """A reply with what stood there before."""
        for value, note in self.values.items():
            text = text.replace(note, value)
        return unmask(text, self.names)

    def restored_pieces(self, pieces: Iterable[str]) -> Iterator[str]:
        """The same for a reply in pieces, though an alias may come in two of them."""
        hidden = sorted([*self.names.values(), *self.values.values()], key=lambda alias: (-len(alias), alias))
        if not hidden:
            yield from pieces
            return
        pattern = re.compile("|".join(map(re.escape, hidden)))
        held = ""
        for piece in pieces:
            held += piece
            cut = max(0, len(held) - len(hidden[0]) + 1)
            cut = next((found.start() for found in pattern.finditer(held) if found.start() < cut < found.end()), cut)
            yield self.restored(held[:cut])
            held = held[cut:]
        yield self.restored(held)


def cloak_over(text: str, names: Collection[str]) -> Cloak:
    """The cloak for a text: over the given names, the persons it names itself, numbers, addresses, days of birth.

    The longest numbers come first, so that none is left that held another.
    """
    every = sorted({*names, *names_in(text)})
    found = [(one.kind, one.value) for one in identifiers(text)]
    found += [("出生日期", match.group()) for match in _BORN.finditer(text)]
    found += [("住址", text[place.start : place.end]) for place in addresses(text)]
    kinds = dict(sorted(((value, kind) for kind, value in found), key=lambda pair: (-len(pair[0]), pair[0])))
    values = {value: f"［{kind}{number}］" for number, (value, kind) in enumerate(kinds.items(), 1)}
    return Cloak(aliases([Person(name, "", ()) for name in every], "", text), values)


class Cloaked:
    """A model on another machine: whatever it is told is cloaked first, whatever it says is restored."""

    local = False

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name = model.name
        self.window = model.window

    def complete(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> str:
        """The reply, restored."""
        cloak, hidden = _cloaked(messages, names)
        return cloak.restored(self._model.complete(hidden, longest=longest))

    def stream(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> Iterator[str]:
        """The reply in pieces, restored."""
        cloak, hidden = _cloaked(messages, names)
        yield from cloak.restored_pieces(self._model.stream(hidden, longest=longest))

    def known(self) -> list[str]:
        """What the endpoint lists."""
        return self._model.known()

    def close(self) -> None:
        """Close the connections."""
        self._model.close()


def _cloaked(messages: Sequence[Message], names: Collection[str]) -> tuple[Cloak, list[Message]]:
    cloak = cloak_over("\n".join(message.text for message in messages), names)
    return cloak, [replace(message, text=cloak.hidden(message.text)) for message in messages]
