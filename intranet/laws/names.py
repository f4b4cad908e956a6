"""What laws are called: how names are compared, and the short forms that people use. Pure.

The table holds only names that the laws' own titles do not give: abbreviations, nicknames, the
other written form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

GDPR = "lov/2018-06-15-38"
# Names that mean the EU regulation in the annex of the act, whose numbers are articles.
REGULATION_NAMES = frozenset(
    {"personvernforordningen", "personvernforordninga", "personvernforordning", "gdpr"}
)

SHORT_NAMES: dict[str, str] = {
    "aml": "lov/2005-06-17-62", "arbmiljøl": "lov/2005-06-17-62", "fvl": "lov/1967-02-10",
    "forvl": "lov/1967-02-10", "offl": "lov/2006-05-19-16",
    "offentlighetsloven": "lov/2006-05-19-16", "offentleglova": "lov/2006-05-19-16",
    "koml": "lov/2018-06-22-83", "komml": "lov/2018-06-22-83", "kl": "lov/2018-06-22-83",
    "popplyl": GDPR, "pol": GDPR, "personopplysningsloven": GDPR, "personvernforordningen": GDPR,
    "gdpr": GDPR, "hol": "lov/2011-06-24-30", "hotl": "lov/2011-06-24-30",
    "helse- og omsorgstenestelova": "lov/2011-06-24-30",
    "omsorgstjenesteloven": "lov/2011-06-24-30", "hpl": "lov/1999-07-02-64",
    "hlspl": "lov/1999-07-02-64", "pbrl": "lov/1999-07-02-63", "pasrl": "lov/1999-07-02-63",
    "pasientrettighetsloven": "lov/1999-07-02-63",
    "pasient- og brukarrettslova": "lov/1999-07-02-63",
    "brukerrettighetsloven": "lov/1999-07-02-63", "sphl": "lov/1999-07-02-61",
    "sphlsl": "lov/1999-07-02-61", "spesialisthelsetenestelova": "lov/1999-07-02-61",
    "phvl": "lov/1999-07-02-62", "psykisk helsevernloven": "lov/1999-07-02-62",
    "pjl": "lov/2014-06-20-42", "pasientjl": "lov/2014-06-20-42",
    "opplæringslova": "lov/2023-06-09-30", "opplæringsloven": "lov/2023-06-09-30",
    "oppll": "lov/2023-06-09-30", "oppl": "lov/2023-06-09-30", "bhl": "lov/2005-06-17-64",
    "bhgl": "lov/2005-06-17-64", "barnehagelova": "lov/2005-06-17-64", "bvl": "lov/2021-06-18-97",
    "barnevernsloven": "lov/2021-06-18-97", "barnevernloven": "lov/2021-06-18-97",
    "barnevernlova": "lov/2021-06-18-97", "pbl": "lov/2008-06-27-71",
    "planlova": "lov/2008-06-27-71", "plan- og bygningslova": "lov/2008-06-27-71",
    "sotjl": "lov/2009-12-18-131", "stjl": "lov/2009-12-18-131",
    "sosialtjenesteloven": "lov/2009-12-18-131", "sosialtenestelova": "lov/2009-12-18-131",
    "ftrl": "lov/1997-02-28-19", "folketrygdlova": "lov/1997-02-28-19",
    "fhl": "lov/2011-06-24-29", "folkehelselova": "lov/2011-06-24-29", "ldl": "lov/2017-06-16-51",
    "likestillingsloven": "lov/2017-06-16-51", "diskrimineringsloven": "lov/2017-06-16-51",
    "likestillings- og diskrimineringslova": "lov/2017-06-16-51", "arkl": "lov/2025-06-20-96",
    "arkivloven": "lov/2025-06-20-96", "arkivlova": "lov/2025-06-20-96",
    "loa": "lov/2016-06-17-73", "anskl": "lov/2016-06-17-73",
    "anskaffelsesloven": "lov/2016-06-17-73", "anskaffingslova": "lov/2016-06-17-73",
    "foa": "forskrift/2016-08-12-974", "anskaffelsesforskriften": "forskrift/2016-08-12-974",
    "anskaffingsforskrifta": "forskrift/2016-08-12-974", "ferieloven": "lov/1988-04-29-21",
    "feriel": "lov/1988-04-29-21", "strl": "lov/2005-05-20-28",
    "straffelova": "lov/2005-05-20-28", "strpl": "lov/1981-05-22-25", "tvl": "lov/2005-06-17-90",
    "skl": "lov/1969-06-13-26", "skadeserstatningsloven": "lov/1969-06-13-26",
    "grunnlova": "lov/1814-05-17", "grunnloven": "lov/1814-05-17", "grl": "lov/1814-05-17",
    "vegloven": "lov/1963-06-21-23", "veglova": "lov/1963-06-21-23", "vtrl": "lov/1965-06-18-4",
    "forurl": "lov/1981-03-13-6", "forurensningsloven": "lov/1981-03-13-6",
    "forureiningslova": "lov/1981-03-13-6", "brannvernloven": "lov/2002-06-14-20",
    "brann- og eksplosjonsvernlova": "lov/2002-06-14-20", "smittevernloven": "lov/1994-08-05-55",
    "smvl": "lov/1994-08-05-55", "smittevernlova": "lov/1994-08-05-55",
    "alkl": "lov/1989-06-02-27", "alkohollova": "lov/1989-06-02-27", "sikkl": "lov/2018-06-01-24",
    "esfl": "lov/2000-06-23-56", "helseberedskapsloven": "lov/2000-06-23-56",
    "språklova": "lov/2021-05-21-42", "språkloven": "lov/2021-05-21-42", "bl": "lov/1981-04-08-7",
    "barnelova": "lov/1981-04-08-7", "barneloven": "lov/1981-04-08-7",
    "ekteskapsl": "lov/1991-07-04-47", "avhl": "lov/1992-07-03-93",
    "valgloven": "lov/2023-06-16-62", "vallova": "lov/2023-06-16-62",
    "sysselsettingsloven": "lov/2004-12-10-76", "nav-loven": "lov/2006-06-16-20",
    "vgml": "lov/2010-03-26-9", "vergemålslova": "lov/2010-03-26-9",
    "internkontrollforskriften": "forskrift/1996-12-06-1127",
    "hms-forskriften": "forskrift/1996-12-06-1127", "ikf": "forskrift/1996-12-06-1127",
    "ik-hms": "forskrift/1996-12-06-1127", "sak10": "forskrift/2010-03-26-488",
    "sak 10": "forskrift/2010-03-26-488", "byggesaksforskriften": "forskrift/2010-03-26-488",
    "tek17": "forskrift/2017-06-19-840", "tek 17": "forskrift/2017-06-19-840",
    "byggteknisk forskrift": "forskrift/2017-06-19-840",
    "drikkevannsforskriften": "forskrift/2016-12-22-1868",
    "drikkevassforskrifta": "forskrift/2016-12-22-1868",
    "legemiddelhåndteringsforskriften": "forskrift/2008-04-03-320",
    "legemiddelhandteringsforskrifta": "forskrift/2008-04-03-320",
    "kvalitetsforskriften": "forskrift/2003-06-27-792",
    "verdighetsgarantiforskriften": "forskrift/2010-11-12-1426",
    "forskrift om ledelse og kvalitetsforbedring": "forskrift/2016-10-28-1250",
    "arkivforskriften": "forskrift/2025-12-17-2647",
    "arkivforskrifta": "forskrift/2025-12-17-2647",
    "forebyggendeforskriften": "forskrift/2015-12-17-1710",
    "eforvaltningsforskriften": "forskrift/2004-06-25-988",
    "offentlegforskrifta": "forskrift/2008-10-17-1119",
    "offentligforskriften": "forskrift/2008-10-17-1119", "fylkesnemndsloven": "",
    "straffeprosessloven": "lov/1981-05-22-25",
    "universell utforming-forskriften": "forskrift/2013-06-21-732",
    "uu-forskriften": "forskrift/2013-06-21-732",
    "arbeidsplassforskriften": "forskrift/2011-12-06-1356",
    "forskrift om utførelse av arbeid": "forskrift/2011-12-06-1357",
    "forskrift om organisering, ledelse og medvirkning": "forskrift/2011-12-06-1355",
    "byggherreforskriften": "forskrift/2009-08-03-1028",
    "akuttmedisinforskriften": "forskrift/2015-03-20-231",
    "pasientjournalforskriften": "forskrift/2019-03-01-168",
    "hygieneforskriften": "forskrift/1998-07-01-1117",
    "ledelsesforskriften": "forskrift/2016-10-28-1250",
    "fastlegeforskriften": "forskrift/2012-08-29-842",
}  # fmt: skip

_ENDING = re.compile(r"(lov|forskrift|forordning|reglement)(?:en|a|et)?s?$")
_NYNORSK = (
    ("tenest", "tjenest"), ("brukar", "bruker"), ("handter", "håndter"), ("forurein", "forurens"),
    ("vass", "vann"), ("rettslov", "rettighetslov"), ("verksemd", "virksomhet"),
    ("eigedom", "eiendom"), ("borgar", "borger"),
)  # fmt: skip
# "Forskrift om systematisk helse-, miljø- og sikkerhetsarbeid (Internkontrollforskriften)".
_LAST_BRACKET = re.compile(r"\s*\([^()]{1,120}\)\s*$")
_SPACES = re.compile(r"[\s\u00a0]+")


def name_key(name: str) -> str:
    """A law's name as it is compared: small letters, no ending, bokmål's stems for nynorsk's."""
    key = _SPACES.sub(" ", name.lower().replace("\u2011", "-")).strip(' .,:;()«»"')
    key = _ENDING.sub(r"\1", key)
    for nynorsk, bokmaal in _NYNORSK:
        key = key.replace(nynorsk, bokmaal)
    return key


def short_name_table() -> dict[str, str]:
    """Our own short names by key. An empty target says that the act is repealed and never to be
    linked.
    """
    return {name_key(name): refid for name, refid in SHORT_NAMES.items()}


def names_of(short_title: str, further: Iterable[str], title: str) -> list[str]:
    """All names under which a law may be found, the most particular first."""
    names = [short_title, *further, title, _LAST_BRACKET.sub("", title)]
    return [name for name in dict.fromkeys(names) if name and len(name) < 160]


# What municipalities work with every day; shown first where all laws are listed.
MUNICIPAL_LAWS = (
    "lov/2018-06-22-83", "lov/1967-02-10", "lov/2006-05-19-16", "lov/2005-06-17-62", GDPR,
    "lov/2025-06-20-96", "lov/2011-06-24-30", "lov/1999-07-02-63", "lov/1999-07-02-64",
    "lov/2023-06-09-30", "lov/2005-06-17-64", "lov/2021-06-18-97", "lov/2009-12-18-131",
    "lov/2011-06-24-29", "lov/2008-06-27-71", "lov/2016-06-17-73", "lov/2002-06-14-20",
    "lov/2017-06-16-51", "lov/1988-04-29-21", "lov/1994-08-05-55", "lov/1963-06-21-23",
    "forskrift/1996-12-06-1127", "forskrift/2016-10-28-1250", "forskrift/2008-04-03-320",
    "forskrift/2016-12-22-1868", "forskrift/2016-08-12-974", "forskrift/2011-12-06-1355",
    "forskrift/2011-12-06-1357", "forskrift/2015-12-17-1710", "forskrift/2023-03-28-449",
)  # fmt: skip
