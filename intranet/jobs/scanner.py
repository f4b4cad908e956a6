"""Tells whether files are looked through for viruses: for `/helse` and the administrator's page."""

from __future__ import annotations

from intranet.core.held_files import count_scans, has_waited_long
from intranet.core.models import ScanState
from intranet.core.settings import get_settings
from intranet.core.virus_scan import is_there
from intranet.jobs.registry import ProbeResult


def probe_scanner() -> ProbeResult:
    """Bad when a scanner is set and does not answer, or has left a file waiting for an hour."""
    address, counts = get_settings().virus_scanner, count_scans()
    is_good = not address or (is_there(address) and not has_waited_long())
    return ProbeResult(
        name="virus_scanner",
        is_good=is_good,
        values={
            "is_on": bool(address),
            "waiting": counts.get(ScanState.WAITING, 0),
            "harmful": counts.get(ScanState.HARMFUL, 0),
        },
    )
