"""The demonstration's lists of laws lead to paragraphs that its texts have."""

from __future__ import annotations

from intranet.demo.actions.unit_laws import LISTS
from intranet.demo.organisation import build_organisation
from intranet.laws.importing import DEMO_TEXTS, parse_law
from intranet.laws.texts import section_key


def test_each_line_is_of_a_unit_and_a_paragraph_that_exist() -> None:
    known: dict[str, set[str]] = {}
    for path in DEMO_TEXTS.glob("*.xml"):
        law = parse_law(path.read_bytes(), path.name)
        known[law.refid] = {"", *(section_key(node.section) for node in law.nodes)}
    units = {unit.key for unit in build_organisation().units}
    for unit, (refid, _title), section, note in LISTS:
        assert unit in units
        assert section_key(section) in known[refid], (refid, section)
        assert 20 < len(note) < 200
