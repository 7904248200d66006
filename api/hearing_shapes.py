"""The shape of a hearing's summary, for the command and for HTTP alike."""

from __future__ import annotations

from typing import Any

from assistant.hearing import HearingSummary
from assistant.hearing_views import VIEWS

Shape = dict[str, Any]


def summary(one: HearingSummary) -> Shape:
    """The answer of `hearing`."""
    return {
        "participants": [{"name": p.name, "role": p.role} for p in one.participants],
        "turns": [{"speaker": t.speaker, "role": t.role, "start": t.start, "end": t.end} for t in one.turns],
        "steps": [{"step": s.step, "start": s.start, "end": s.end} for s in one.steps],
        "issues": [
            {
                "issue": issue.issue,
                "start": issue.start,
                "end": issue.end,
                "positions": [
                    {"speaker": p.speaker, "role": p.role, "text": p.text, "start": p.start, "end": p.end}
                    for p in issue.positions
                ],
            }
            for issue in one.issues
        ],
        "opinions": [
            {"speaker": o.speaker, "view": o.view, "reason": o.reason, "start": o.start, "end": o.end}
            for o in one.opinions
        ],
        "tally": {view: getattr(one.tally, view) for view in VIEWS},
        "commitments": [
            {"who": c.who, "what": c.what, "by": c.by, "start": c.start, "end": c.end} for c in one.commitments
        ],
        "warnings": list(one.warnings),
    }
