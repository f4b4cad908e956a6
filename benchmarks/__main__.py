"""`make bench`: the demonstration municipality in a scratch folder, one table of CPU times."""

from __future__ import annotations

import re
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from benchmarks import floor
from benchmarks.measure import Row, cpu_ms, table
from intranet import create_app
from intranet.config import Settings
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.login.actions import open_session
from intranet.news.models import Article
from intranet.people.models import Person

READER = "silje.bakke"


def _settings(folder: Path) -> Settings:
    return Settings(
        instance_dir=folder,
        secret_key="s" * 32,
        audit_key="a" * 32,
        database_url=f"sqlite:///{folder / 'bench.sqlite3'}",
        environment="demo",
        directory_file=folder / "directory.json",
    )


def main() -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.process_time()
        app = create_app(_settings(folder))
        rows = [Row("sette sammen applikasjonen", None, (time.process_time() - started) * 1000)]
        with app.app_context():
            db.create_all()
            db.session.remove()
        seeded = app.test_cli_runner().invoke(args=["demo", "seed"])
        assert seeded.exit_code == 0, seeded.output
        client = app.test_client()
        with app.app_context():
            with transaction():
                reader = db.session.execute(
                    select(Person.id).where(Person.username == READER)
                ).scalar_one()
                token = open_session(reader, address="127.0.0.1", agent="bench")
            article = db.session.execute(select(Article.id).order_by(Article.id)).scalars().first()
            db.session.remove()
        with client.session_transaction() as cookie:
            cookie["sid"] = token

        def get(path: str) -> Callable[[], object]:
            def call() -> object:
                response = client.get(path)
                assert response.status_code == 200, (path, response.status_code)
                return response.data

            return call

        form = client.get("/avvik/meld").get_data(as_text=True)
        fields = dict(re.findall(r'name="(csrf_token|day|clock)"[^>]* value="([^"]*)"', form))
        unit = re.search(r'<option selected value="(\d+)"', form)
        assert unit is not None

        def report() -> object:
            data = {**fields, "what": "Målt.", "unit_id": unit[1], "send_key": str(uuid.uuid4())}
            response = client.post("/avvik/meld", data=data)
            assert response.status_code == 302, response.status_code
            return response

        rows += [
            Row("forsiden", 3, cpu_ms(get("/"))),
            Row("en artikkel", 1.5, cpu_ms(get(f"/nyheter/{article}"))),
            Row("liste over nyheter", 2, cpu_ms(get("/nyheter"))),
            Row("søk, ett ord", 6, cpu_ms(get("/sok?q=legemidler"))),
            Row("søk, to ord", 6, cpu_ms(get("/sok?q=brudd+personopplysninger"))),
            Row("melde et avvik (POST)", 4, cpu_ms(report, rounds=30, warm_up=3)),
        ]
        bare = floor.make(folder).test_client()
        floor_ms = cpu_ms(lambda: bare.get("/artikkel/7").data)
        rows += [
            Row("gulv: en artikkel", None, floor_ms),
            Row("gulv: liste, side 200", None, cpu_ms(lambda: bare.get("/liste/200").data)),
        ]
        print(table(rows, floor_ms))


if __name__ == "__main__":
    main()
