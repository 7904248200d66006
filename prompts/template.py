"""Templates with named slots: prompts for a model and sentences of form; all faults are said at once."""

from __future__ import annotations

import re

from prompts.loader import KnowledgeError, KnowledgeRoot, read_text

# {name}: other braces (JSON in a prompt) stay as they are
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def slots_of(template: str) -> tuple[str, ...]:
    """The names of the slots of a template, each once, in order."""
    return tuple(dict.fromkeys(_SLOT.findall(template)))


def fill(template: str, **slots: str) -> str:
    """The template with its slots filled; what is filled in is not looked at for slots.

    Raises KnowledgeError listing every missing slot and every slot that the template does not have.
    """
    wanted = slots_of(template)
    missing = [name for name in wanted if name not in slots]
    unknown = sorted(name for name in slots if name not in wanted)
    faults = []
    if missing:
        faults.append(f"缺少：{'、'.join(missing)}")
    if unknown:
        faults.append(f"没有这些空位：{'、'.join(unknown)}")
    if faults:
        raise KnowledgeError(f"模板填写有误，{'；'.join(faults)}")
    return _SLOT.sub(lambda found: slots[found.group(1)], template)


def render(name: str, root: KnowledgeRoot | None = None, /, **slots: str) -> str:
    """The prompt `ask/<name>.md` with its slots filled. Raises KnowledgeError naming the prompt."""
    template = read_text(root, "ask", f"{name}.md")
    try:
        return fill(template, **slots)
    except KnowledgeError as error:
        raise KnowledgeError(f"提示词 {name}：{error}") from error
