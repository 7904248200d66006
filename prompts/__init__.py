"""What we say and what we know: prompts, outlines, scenarios, deadlines, norms, and what validates them.

The knowledge stands in YAML and Markdown files beside this module that a lawyer can edit; every
entry carries its source, its date and a tag (S published practice, L statute text checked, K known
but text not at hand, D a choice of ours). This package checks the form of knowledge; whether an
article is in force on a date is the desk's to check.
"""

from __future__ import annotations

from prompts.deadlines import Deadline, Deadlines, load_deadlines
from prompts.loader import Article, KnowledgeError, KnowledgeRoot, Tag
from prompts.norms import Law, Norm, articles_checked, load_laws, load_norms
from prompts.outline import (
    Content,
    FormSentence,
    Ground,
    Layout,
    Outline,
    OutlineSection,
    Slot,
    load_layout,
    load_outline,
    outline_names,
)
from prompts.scenario import (
    Cause,
    Duty,
    IssueType,
    Measure,
    Problem,
    Scenario,
    Unit,
    cited_articles,
    issue_types,
    load_scenarios,
)
from prompts.signals import Cues, Signal, load_cues, signal_spans
from prompts.sources import LawSource, source_for
from prompts.template import fill, render, slots_of

__all__ = [
    "Article",
    "Cause",
    "Content",
    "Cues",
    "Deadline",
    "Deadlines",
    "Duty",
    "FormSentence",
    "Ground",
    "IssueType",
    "KnowledgeError",
    "KnowledgeRoot",
    "Law",
    "LawSource",
    "Layout",
    "Measure",
    "Norm",
    "Outline",
    "OutlineSection",
    "Problem",
    "Scenario",
    "Signal",
    "Slot",
    "Tag",
    "Unit",
    "articles_checked",
    "cited_articles",
    "fill",
    "issue_types",
    "load_cues",
    "load_deadlines",
    "load_laws",
    "load_layout",
    "load_norms",
    "load_outline",
    "load_scenarios",
    "outline_names",
    "render",
    "signal_spans",
    "slots_of",
    "source_for",
]
