"""What the states of the library are called, and the colours of their tags."""

from __future__ import annotations

from typing import Any

from intranet.core.text import _l
from intranet.library.law_watch import LawAnswer
from intranet.library.lifecycle import DocumentState, RevisionState
from intranet.library.review import ReviewFinding

REVISION_LABELS: dict[str, tuple[Any, str]] = {
    RevisionState.DRAFT: (_l("Utkast"), "neutral"),
    RevisionState.HEARING: (_l("På høring"), "info"),
    RevisionState.APPROVAL: (_l("Til godkjenning"), "warning"),
    RevisionState.SCHEDULED: (_l("Godkjent, gjelder senere"), "info"),
    RevisionState.PUBLISHED: (_l("Gjelder"), "success"),
    RevisionState.SUPERSEDED: (_l("Erstattet"), "neutral"),
    RevisionState.WITHDRAWN: (_l("Trukket tilbake"), "danger"),
}
# What happens to a paragraph, and the colour of its tag: what imports record, notes announce.
LAW_CHANGE_LABELS: dict[str, tuple[Any, str]] = {
    "added": (_l("Ny"), "success"),
    "text": (_l("Endret"), "info"),
    "title": (_l("Ny overskrift"), "info"),
    "repealed": (_l("Opphevet"), "danger"),
    "amended": (_l("Endres"), "info"),
    "gone": (_l("Loven er ikke lenger i samlingen"), "danger"),
}
LAW_ANSWER_LABELS: dict[str, Any] = {
    LawAnswer.NO_CONSEQUENCE: _l("Ingen betydning"),
    LawAnswer.REVISE: _l("Ny versjon påbegynt"),
    LawAnswer.WITHDRAW: _l("Trekkes tilbake"),
}
REVIEW_FINDING_LABELS: dict[str, Any] = {
    ReviewFinding.RIGHT: _l("Fortsatt riktig"),
    ReviewFinding.SMALL: _l("Liten rettelse påbegynt"),
    ReviewFinding.REVISE: _l("Ny versjon påbegynt"),
    ReviewFinding.WITHDRAW: _l("Bedt om at det trekkes tilbake"),
}
DOCUMENT_LABELS: dict[str, tuple[Any, str]] = {
    DocumentState.UNPUBLISHED: (_l("Ikke publisert"), "neutral"),
    DocumentState.PUBLISHED: (_l("Gjelder"), "success"),
    DocumentState.WITHDRAWN: (_l("Trukket tilbake"), "danger"),
}
