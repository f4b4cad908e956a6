"""What the states of the library are called, and the colours of their tags."""

from __future__ import annotations

from typing import Any

from intranet.core.text import _l
from intranet.library.lifecycle import DocumentState, RevisionState

REVISION_LABELS: dict[str, tuple[Any, str]] = {
    RevisionState.DRAFT: (_l("Utkast"), "neutral"),
    RevisionState.HEARING: (_l("På høring"), "info"),
    RevisionState.APPROVAL: (_l("Til godkjenning"), "warning"),
    RevisionState.PUBLISHED: (_l("Gjelder"), "success"),
    RevisionState.SUPERSEDED: (_l("Erstattet"), "neutral"),
    RevisionState.WITHDRAWN: (_l("Trukket tilbake"), "danger"),
}
DOCUMENT_LABELS: dict[str, tuple[Any, str]] = {
    DocumentState.UNPUBLISHED: (_l("Ikke publisert"), "neutral"),
    DocumentState.PUBLISHED: (_l("Gjelder"), "success"),
    DocumentState.WITHDRAWN: (_l("Trukket tilbake"), "danger"),
}
