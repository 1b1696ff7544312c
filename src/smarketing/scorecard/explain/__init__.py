"""Why one lead stands where it stands under one commitment, to the microsecond and in one sentence."""

from smarketing.scorecard.explain.explain import explain, explain_each
from smarketing.scorecard.explain.explanation import Explanation
from smarketing.scorecard.explain.touches import Note

__all__ = ["Explanation", "Note", "explain", "explain_each"]
