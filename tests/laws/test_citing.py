"""The citation of a law is the one that the Language Council and Lovdata write."""

from __future__ import annotations

import pytest

from intranet.laws.citing import citation_of


@pytest.mark.parametrize(
    ("refid", "title", "citation"),
    [
        (
            "lov/2005-06-17-62",
            "Lov om arbeidsmiljø, arbeidstid og stillingsvern mv. (arbeidsmiljøloven)",
            "lov 17. juni 2005 nr. 62 om arbeidsmiljø, arbeidstid og stillingsvern mv. "
            "(arbeidsmiljøloven)",
        ),
        (
            "lov/1957-03-22-4",
            "Lov om fredning og fangst av isbjørn [isbjørnloven]",
            "lov 22. mars 1957 nr. 4 om fredning og fangst av isbjørn (isbjørnloven)",
        ),
        (
            "forskrift/2012-06-22-627",
            "Forskrift om kommunal beredskapsplikt.",
            "forskrift 22. juni 2012 nr. 627 om kommunal beredskapsplikt",
        ),
        (
            "forskrift/1979-12-14-3",
            "Forskrifter om skattefrie fondsavsetninger",
            "forskrift 14. desember 1979 nr. 3 om skattefrie fondsavsetninger",
        ),
        (
            "forskrift/2000-12-01-1212",
            "Forskrift til lov av 24. mars 2000 nr. 16 om foretakspensjon",
            "forskrift 1. desember 2000 nr. 1212 til lov av 24. mars 2000 nr. 16 om foretakspensjon",
        ),
        (
            "lov/2020-04-24-33",
            "Midlertidig lov om tiltak",
            "midlertidig lov 24. april 2020 nr. 33 om tiltak",
        ),
        (
            "forskrift/1998-01-19-38",
            "Delegering av myndighet til Oslo kommune",
            "forskrift 19. januar 1998 nr. 38: Delegering av myndighet til Oslo kommune",
        ),
        (
            "lov/1967-02-10",
            "Lov om behandlingsmåten i forvaltningssaker (forvaltningsloven)",
            "lov 10. februar 1967 om behandlingsmåten i forvaltningssaker (forvaltningsloven)",
        ),
        ("lov/1814-05-17", "Kongeriket Norges Grunnlov", "Kongeriket Norges Grunnlov 17. mai 1814"),
    ],
)
def test_a_citation_has_kind_date_number_and_what_it_is_about(
    refid: str, title: str, citation: str
) -> None:
    assert citation_of(refid, title) == citation
