"""Everything that people write in the portal, sent over real HTTP to a running site.

The words come from whoever asks: canaries that are looked for afterwards, or hostile ones.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from lxml import html
from sqlalchemy import create_engine, text

from intranet import create_app
from intranet.anonymous.jobs import follow_plan
from intranet.anonymous.queries import find_plan
from intranet.config import load_settings
from intranet.core.clock import stopped_at, today
from intranet.extensions import db
from tests.core.hostile import jpeg
from tests.servers.client import Answer, Client
from tests.servers.site import Site

TAKEN = (200, 303)
Files = Mapping[str, bytes | tuple[str, bytes]]


@dataclass
class Story:
    """The running site, its people, and what is written in each field."""

    site: Site
    make: Callable[[str], str]
    words: dict[str, str] = field(default_factory=dict)
    # Looks at the site before and after each sending without a name; returns what differs.
    watch: Callable[[Callable[[], object]], set[str]] | None = None
    changed: dict[str, set[str]] = field(default_factory=dict)

    def word(self, kind: str) -> str:
        """Return the words of this kind."""
        return self.words.setdefault(kind, self.make(kind))

    def walk(self) -> Story:
        """Do everything once, and wait until the mails are sent."""
        _log_in_wrongly(self)
        number = _report(self)
        _handle(self, number)
        _publish(self)
        _without_a_name(self)
        deliver(self.site)
        _wait_for_mail(self.site)
        return self

    def person(self, role: str) -> Walker:
        """Log the demonstration account in."""
        account = self.site.accounts[role]
        client = Client(self.site.url, account["username"], account["password"])
        return Walker(client.log_in())


@dataclass
class Walker:
    """Fills in forms as they stand on the page."""

    client: Client

    def send(
        self, page: str, fields: Mapping[str, str], action: str = "",
        files: Files | None = None, taken: tuple[int, ...] = TAKEN,
    ) -> Answer:  # fmt: skip
        """Send the page's form with these fields; it must be taken."""
        return self.send_from(self.client.get(page).text, page, fields, action, files, taken)

    def send_from(
        self, source: str, page: str, fields: Mapping[str, str], action: str = "",
        files: Files | None = None, taken: tuple[int, ...] = TAKEN,
    ) -> Answer:  # fmt: skip
        """Send the form of a page that is already open."""
        forms = html.document_fromstring(source).xpath("//main//form[@method='post']")
        found = [each for each in forms if not action or each.get("action") == action]
        assert found, f"{page}: no form {action}: {[each.get('action') for each in forms]}"
        values = {name: value or "" for name, value in found[0].form_values()}
        answer = self.client.post(found[0].get("action") or page, {**values, **fields}, files)
        assert answer.status in taken, (page, answer.status, _words(answer.text))
        return answer


def _words(page: str) -> str:
    return " ".join(html.document_fromstring(page).text_content().split())[:1500]


def _log_in_wrongly(story: Story) -> None:
    account = story.site.accounts["employee"]
    secret = story.word("login: wrong password")
    nobody = Walker(Client(story.site.url, "", ""))
    for username, password in (
        (account["username"], secret),
        (story.word("login: password in the field of the user name"), "noe"),
    ):
        source = nobody.client.get("/logg-inn").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', source)
        assert token
        fields = {"csrf_token": token[1], "username": username, "password": password}
        assert nobody.client.post("/logg-inn", fields).status == 422
    story.words["login: the right password"] = account["password"]


def _report(story: Story) -> str:
    """Report with a file and a picture, look for things, and begin a draft that is thrown away."""
    employee = story.person("employee")
    picture = story.word("report: place and camera of the picture")
    name = story.word("report: name of the file")
    files: Files = {
        "files": (f"{name}.txt", story.word("report: text of the file").encode()),
        "photo": ("bilde.jpg", jpeg().replace(b"KOMMENTAR-SPOR", picture[:14].encode())),
    }
    story.words["report: place and camera of the picture"] = picture[:14]
    answer = employee.send(
        "/avvik/meld",
        {
            "what": story.word("report: what happened"),
            "immediate_action": story.word("report: what was done at once"),
        },
        files=files,
    )
    number = re.search(r"/avvik/(\d+)/", answer.location)
    assert number, answer
    nobody = {"concerned_person": story.word("report: a name that nobody has"), "what": "Noe."}
    assert employee.send("/avvik/meld", nobody, taken=(422,)).status == 422
    draft = {"what": story.word("draft: before it was thrown away"), "step": "draft"}
    employee.send("/avvik/meld", draft)
    assert employee.client.post("/avvik/utkast/slett", {}).status == 303
    for address, kind in (
        ("/sok?q=", "search: words"),
        ("/sok/forslag?q=", "search: words"),
        ("/avvik?q=", "search: words on the desk"),
        ("/nyheter?ukjent=", "address: a parameter that no page knows"),
    ):
        assert employee.client.get(f"{address}{quote(story.word(kind))}").status == 200
    employee.send("/feil-paa-siden", {"what": story.word("page problem")})
    return number[1]


def _handle(story: Story, number: str) -> None:
    leader = story.person("unit_leader")
    case = f"/avvik/{number}"
    leader.send(case, {}, f"{case}/bekreft")
    leader.send(case, {"text": story.word("case: message")}, f"{case}/melding")
    note = {"text": story.word("case: internal note"), "is_internal": "y"}
    leader.send(case, note, f"{case}/melding")
    action = {
        "what": story.word("case: corrective action"),
        "responsible": story.site.accounts["employee"]["username"],
        "due_on": (today() + timedelta(days=60)).isoformat(),
    }
    leader.send(case, action, f"{case}/tiltak")


def _publish(story: Story) -> None:
    editor = story.person("editor")
    article = {
        "title": story.word("news: title"),
        "lead": "En ingress.",
        "body": story.word("news: text"),
        "step": "publish",
    }
    editor.send("/nyheter/skriv", article)
    procedure = {
        "title": story.word("procedure: draft title"),
        "body": story.word("procedure: draft text"),
        "kind": "PRO",
    }
    story.person("unit_leader").send("/bibliotek/ny", procedure)
    vacancy = {
        "title": story.word("vacancy: title"),
        "body": story.word("vacancy: text"),
        "workplace": "Havnsund",
        "how_to_apply": "Send søknad.",
        "deadline_day": (today() + timedelta(days=60)).isoformat(),
        "deadline_time": "12:00",
        "step": "publish",
    }
    story.person("hr").send("/stillinger/ny", vacancy)
    name = story.word("settings: name of a category")
    category = {f"name_{language}": name for language in ("nb", "nn", "en")}
    story.person("administrator").send("/administrasjon/avvik/typer/ny", category)


def _without_a_name(story: Story) -> None:
    """Report twice without a name, in a browser that is logged in and can be told from others."""
    for room, path in (("anonymous", "/meld-anonymt"), ("whistle", "/varsling/ny")):
        walker = story.person("employee")
        walker.client.agent = story.word(f"{room}: the browser")

        def send(room: str = room, path: str = path, walker: Walker = walker) -> None:
            source = walker.client.get(path).text
            code = re.search(r'name="code"[^>]*value="([^"]+)"', source)
            assert code
            story.words[f"{room}: the code"] = code[1]
            page = walker.send_from(source, path, {"typed": code[1]}).text
            walker.send_from(page, path, *_anonymous_words(story, room))

        if story.watch is None:
            send()
        else:
            story.changed[room] = story.watch(send)


def deliver(site: Site) -> None:
    """Let the clock of the anonymous reports run until they are with those who read them."""
    app = create_app(load_settings(site.environment))
    with app.app_context():
        follow_plan()
        for _step in range(3):
            plan = find_plan()
            assert plan is not None
            moment = plan.delivers_at if plan.is_closed else plan.closes_at
            db.session.rollback()
            with stopped_at(moment + timedelta(seconds=1)):
                follow_plan()
        db.session.remove()
        db.engine.dispose()


def _anonymous_words(story: Story, room: str) -> tuple[dict[str, str], str, Files]:
    if room == "whistle":
        fields = {
            "what": story.word("whistle: what it is about"),
            "concerns": story.word("whistle: whom it concerns"),
            "contact": story.word("whistle: how to reach the sender"),
        }
        return fields, "", {}
    camera = story.word("anonymous: place and camera of the picture")[:14]
    story.words["anonymous: place and camera of the picture"] = camera
    picture = jpeg().replace(b"KOMMENTAR-SPOR", camera.encode())
    fields = {"what": story.word("anonymous: what happened"), "unit_id": "3"}
    fields["day"] = today().isoformat()
    return fields, "", {"files": (f"{story.word('anonymous: name of the file')}.jpg", picture)}


def _wait_for_mail(site: Site) -> None:
    """Return when the jobs have sent what waits and indexed what is new."""
    engine = create_engine(site.database_url)
    deadline = time.monotonic() + 120
    waiting = text("select count(*) from outbox_message where state = 'waiting'")
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            if not connection.execute(waiting).scalar_one():
                break
        time.sleep(0.5)
    engine.dispose()
