"""Which waivers left something out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.waivers import UnusedWaiver
from mapper.spec.waivers import waivers

if TYPE_CHECKING:
    from mapper.engine.context import Context
    from mapper.engine.ledger import Ledger


def report_unused(context: Context, ledger: Ledger) -> None:
    """Report the waivers that left nothing out; only a whole export can tell."""
    dropping = {verdict.rule for verdict in ledger.verdicts.values() if verdict.account == "dropped" and verdict.counts}
    for waiver in waivers(context.spec):
        used = waiver.rule in dropping if waiver.rule else context.place(waiver.pointer) in context.waived
        if not used:
            issue = UnusedWaiver(waiver.what, waiver.until.isoformat(), waiver.reason)
            context.findings.add(issue, spec=context.place((*waiver.pointer, "drop", "until")), rule=waiver.rule)
