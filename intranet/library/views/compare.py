"""The page where any two versions of a document are read against each other."""

from __future__ import annotations

from typing import Any

from flask import render_template

from intranet.core.word_diff import compare_markdown, count_changes
from intranet.library.forms import CompareRevisionsForm, offer_revisions
from intranet.library.queries import documents, revisions
from intranet.library.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter


@blueprint.get("/bibliotek/<string:number>/sammenlign")
@requires()
def compare_revisions(number: str) -> str:
    """Show what a later version has that an earlier one had not; without a choice, the last two."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    history = revisions.list_revisions_for(viewer, document)
    old, new = _chosen([row.number for row in history])
    before = revisions.get_revision_for(viewer, document, old)
    after = revisions.get_revision_for(viewer, document, new)
    form = CompareRevisionsForm(formdata=None, data={"fra": old, "til": new})
    offer_revisions(form, history)
    changes = compare_markdown(before.body, after.body)
    return render_template(
        "library/compare_revisions.html",
        document=document,
        form=form,
        before=before,
        after=after,
        changes=changes,
        change_count=count_changes(changes),
        places=[documents.names_of_units(each.valid_for) for each in (before, after)],
        files=_files(before, after),
        between=[row for row in reversed(history) if old < row.number <= new],
    )


def _chosen(numbers: list[int]) -> tuple[int, int]:
    """Return the two numbers of the address, the older first; what it lacks, the newest ones."""
    newest, former = numbers[0], numbers[min(1, len(numbers) - 1)]
    first, second = number_parameter("fra") or former, number_parameter("til") or newest
    return min(first, second), max(first, second)


def _files(before: Any, after: Any) -> tuple[list[str], list[str]]:
    """Return the names of the files that were removed, and of those that were added."""
    old = [file.name for file in revisions.list_files(before.id)]
    new = [file.name for file in revisions.list_files(after.id)]
    return [name for name in old if name not in new], [name for name in new if name not in old]
