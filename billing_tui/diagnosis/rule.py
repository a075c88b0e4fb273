"""What a rule is: an id, a name, a layer, and one pure function from a case to what it makes of it.

Adding a rule is writing that function in its layer's file and naming it in `rules/__init__.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct

from billing_tui.diagnosis.case import Case
from billing_tui.model.diagnosis import Confidence, Fact, Finding, Layer, Result
from billing_tui.model.evidence import Gap, Why


class Judgement(Struct, frozen=True, kw_only=True):
    """What a rule makes of a case, before its own name is put to it."""

    result: Result
    confidence: Confidence | None = None
    headline: str = ""
    detail: str = ""
    facts: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    ours: bool | None = None


def match(confidence: Confidence, headline: str, *facts: Fact, detail: str = "", ours: bool | None = None) -> Judgement:
    """It is this. `headline` is one sentence for support staff, in the words of the ticket."""
    return Judgement(result="match", confidence=confidence, headline=headline, detail=detail, facts=facts, ours=ours)


def no(*facts: Fact) -> Judgement:
    """It is not this."""
    return Judgement(result="no", facts=facts)


def unknown(*lacking: Gap | str | None, facts: tuple[Fact, ...] = ()) -> Judgement:
    """It can't be told, for lack of these."""
    pieces = [piece for piece in lacking if piece]
    gaps = tuple(piece for piece in pieces if isinstance(piece, Gap))
    missing = tuple(piece if isinstance(piece, str) else _lacks(piece) for piece in pieces)
    return Judgement(result="unknown", missing=missing, gaps=tuple(gap for gap in gaps if gap.exit_code), facts=facts)


def _lacks(gap: Gap) -> str:
    return f"{gap.what} ({gap.message.rstrip('.')})" if gap.message and gap.why is not Why.PENDING else gap.what


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue.

    `ours` is False where a match means that nothing is wrong on our side. A `residual` rule is only asked when no other matched.
    """

    id: str
    name: str
    layer: Layer
    judge: Callable[[Case], Judgement]
    ours: bool = True
    residual: bool = False

    def find(self, case: Case) -> Finding:
        """What it makes of a case."""
        return self.finding(self.judge(case))

    def finding(self, made: Judgement) -> Finding:
        """A judgement with the rule's name to it."""
        return Finding(
            id=self.id,
            name=self.name,
            layer=self.layer,
            result=made.result,
            confidence=made.confidence,
            headline=made.headline,
            detail=made.detail,
            facts=made.facts,
            missing=made.missing,
            gaps=made.gaps,
            ours=self.ours if made.ours is None else made.ours,
        )


def rule(
    rule_id: str, name: str, layer: Layer, *, ours: bool = True, residual: bool = False
) -> Callable[[Callable[[Case], Judgement]], Rule]:
    """Makes a rule of the function below it."""
    return lambda judge: Rule(rule_id, name, layer, judge, ours, residual)
