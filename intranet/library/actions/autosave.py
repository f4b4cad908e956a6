"""Saving a draft while it is being written. Never commits."""

from __future__ import annotations

from datetime import timedelta

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.library.actions.permits import demand_version
from intranet.library.actions.write import (
    differences,
    fitted,
    load_editable,
    record_edit,
    write_in,
)
from intranet.library.contents import DraftContents
from intranet.library.models import Document, Revision

# Nothing written for so long: whoever goes on begins a new sitting.
SITTING = timedelta(minutes=30)
# More than words: each such choice stands in the log.
DECISIONS = frozenset({"is_significant", "valid_for"})


def autosave_draft(
    document: Document, contents: DraftContents, *, version: int | None, actor: Viewer
) -> Revision:
    """Save the draft while it is being written; the same people may, and the same guard holds.

    What is stored already is no conflict: a page that was left and taken up again sends it anew.
    The log gets one entry for each sitting, not one for each pause in the writing: when somebody
    begins, and each time where the document applies, or whether the change is significant, is
    chosen anew.
    """
    revision, contents = load_editable(document, actor), fitted(document, contents)
    if not differences(revision, contents):
        return revision
    demand_version(revision, version)
    is_new_sitting = revision.changed_by != actor.id or now() - revision.changed_at > SITTING
    changed = write_in(document, revision, contents, actor)
    if is_new_sitting or DECISIONS & set(changed):
        record_edit(document, revision, changed, actor)
    return revision
