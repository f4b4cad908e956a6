"""The municipality's delegations: from the council to the chief executive, and on from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from intranet.core.clock import now, stopped_at, today
from intranet.delegations.actions.end import withdraw_delegation
from intranet.delegations.actions.give import Terms, pass_on, register_delegation
from intranet.delegations.models import Delegation, DelegationKind
from intranet.demo.actions.cast import Cast
from intranet.extensions import db

_SINCE = timedelta(days=330)
# The kind, where, how far, what it rests on, what it is for.
_ROOTS: tuple[tuple[str, str, int | None, str, str], ...] = (
    ("Anvise utgifter", "kommune", None, "kommuneloven § 13-1 sjette ledd", "Innenfor budsjettet."),
    (
        "Inngå avtaler og kjøpe inn",
        "kommune",
        10_000_000,
        "kommuneloven § 13-1 sjette ledd",
        "Etter innkjøpsreglementet. Større kjøp går til formannskapet.",
    ),
    ("Ansette", "kommune", None, "kommuneloven § 13-1 sjuende ledd", ""),
    (
        "Gjøre vedtak i saker",
        "helse",
        None,
        "kommuneloven § 13-1 sjette ledd",
        "Vedtak etter helse- og omsorgstjenesteloven kapittel 3. Klager går til klagenemnda.",
    ),
    ("Godkjenne dokumenter", "oppvekst", None, "", "Prosedyrer og rutiner i skoler og barnehager."),
)
# The kind, the unit from whose leader, the unit to whose leader, and how far.
_PASSED: tuple[tuple[str, str, str, int | None], ...] = (
    ("Anvise utgifter", "kommune", "helse", 5_000_000),
    ("Anvise utgifter", "kommune", "oppvekst", 5_000_000),
    ("Anvise utgifter", "kommune", "teknisk", 8_000_000),
    ("Anvise utgifter", "helse", "hjemme-nord", 500_000),
    ("Anvise utgifter", "helse", "sykehjem", 750_000),
    ("Anvise utgifter", "oppvekst", "havnsund-skole", 500_000),
    ("Inngå avtaler og kjøpe inn", "kommune", "okonomi", 2_000_000),
    ("Inngå avtaler og kjøpe inn", "kommune", "teknisk", 5_000_000),
    ("Ansette", "kommune", "helse", None),
    ("Ansette", "kommune", "oppvekst", None),
    ("Ansette", "helse", "hjemme-nord", None),
    ("Gjøre vedtak i saker", "kommune", "helse", None),
    ("Gjøre vedtak i saker", "helse", "tildeling", None),
    ("Godkjenne dokumenter", "kommune", "oppvekst", None),
    ("Godkjenne dokumenter", "oppvekst", "havnsund-skole", None),
)


def seed_delegations(cast: Cast) -> int:
    """Let the council's be written in and the leaders pass them on; returns how many there are."""
    kinds = {name: number for number, name in db.session.execute(
        select(DelegationKind.id, DelegationKind.name))}  # fmt: skip
    given: dict[tuple[str, str], Delegation] = {}
    with stopped_at(now() - _SINCE):
        admin = cast.viewer(cast.account("administrator"))
        for number, (kind, unit, amount, law, conditions) in enumerate(_ROOTS, 12):
            terms = replace(
                _terms(cast, kinds[kind], unit, amount),
                office_id=cast.unit_ids["kommune"],
                source=f"Kommunestyret, sak {number}/{today().year}",
                law_reference=law,
                conditions=conditions,
            )
            given[kind, "kommune"] = register_delegation(terms, actor=admin)
    for days, (kind, giver, receiver, amount) in enumerate(_PASSED):
        with stopped_at(now() - _SINCE + timedelta(days=1 + days)):
            actor = cast.viewer(cast.leader_of(giver))
            terms = _terms(cast, kinds[kind], receiver, amount)
            made = pass_on(given[kind, giver].id, terms, actor=actor)
            given[kind, receiver] = made
    persons = _seed_persons(cast, kinds, given)
    return len(given) + persons


def _seed_persons(
    cast: Cast, kinds: dict[str, int], given: dict[tuple[str, str], Delegation]
) -> int:
    """Give a little to persons: one until a day that is near, one for decisions, one taken back."""
    leader = cast.viewer(cast.leader_of("hjemme-nord"))
    chief = cast.viewer(cast.leader_of("tildeling"))
    adviser = cast.staff_of("tildeling")[0]
    spends, decides = "Anvise utgifter", "Gjøre vedtak i saker"
    with stopped_at(now() - timedelta(days=90)):
        errands = replace(
            _personal(cast, kinds[spends], "hjemme-nord", cast.account("employee"), 10_000),
            ends_on=today() + timedelta(days=150),
            conditions="Forbruksmateriell til bilene.",
        )
        pass_on(given[spends, "hjemme-nord"].id, errands, actor=leader)
        cases = replace(
            _personal(cast, kinds[decides], "tildeling", adviser, None),
            conditions="Trygghetsalarm og matombringing.",
        )
        pass_on(given[decides, "tildeling"].id, cases, actor=chief)
        deputy = _personal(
            cast, kinds[spends], "hjemme-nord", cast.account("safety_representative"), 20_000
        )
        ended = pass_on(given[spends, "hjemme-nord"].id, deputy, actor=leader)
    with stopped_at(now() - timedelta(days=30)):
        reason = "Innkjøpene er samlet hos avdelingslederen."
        withdraw_delegation(ended.id, today(), reason, version=ended.version, actor=leader)
    return 3


def _terms(cast: Cast, kind_id: int, unit: str, amount: int | None) -> Terms:
    return Terms(
        kind_id=kind_id,
        unit_id=cast.unit_ids[unit],
        holder_id=None,
        office_id=cast.unit_ids[unit],
        amount=amount,
        starts_on=today(),
        may_pass_on=True,
    )


def _personal(cast: Cast, kind_id: int, unit: str, person_id: int, amount: int | None) -> Terms:
    terms = _terms(cast, kind_id, unit, amount)
    return replace(terms, office_id=None, holder_id=person_id, may_pass_on=False)
