"""The floor: a bare Flask application with the same page, session check and ORM queries.

Its templates are compiled once, as a real application's are.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, render_template, session
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """The floor's own tables."""


db = SQLAlchemy(model_class=Base)


class Author(db.Model):  # type: ignore[name-defined]
    """Who wrote an article."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Article(db.Model):  # type: ignore[name-defined]
    """An article."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author] = relationship()


PAGE = """<!doctype html><html lang="nb"><title>{{ a.title }}</title><body><header>{{ user.name }}
<nav>{% for n in range(7) %}<a href="/{{ n }}">Meny {{ n }}</a>{% endfor %}</nav></header>
<main><h1>{{ a.title }}</h1><p>{{ a.author.name }}</p><div>{{ a.body }}</div></main></body></html>"""
LIST = """<!doctype html><html lang="nb"><title>Liste</title><body><header>{{ user.name }}</header>
<main><h1>Liste</h1>{% for a in rows %}<article><h2>{{ a.title }}</h2><p>{{ a.author.name }}</p>
<p>{{ a.body[:200] }}</p></article>{% endfor %}</main></body></html>"""


def make(folder: Path) -> Flask:
    """Return the floor with 5,000 articles and 500 people."""
    file = folder / "floor.sqlite3"
    file.unlink(missing_ok=True)
    app = Flask("floor")
    app.config.update(SECRET_KEY="floor", SQLALCHEMY_DATABASE_URI=f"sqlite:///{file}")
    app.jinja_loader = DictLoader({"page.html": PAGE, "list.html": LIST})
    db.init_app(app)

    @app.before_request
    def check_session() -> None:
        session["seen"] = db.session.get_one(Author, 1).name

    @app.get("/artikkel/<int:number>")
    def show(number: int) -> str:
        return render_template(
            "page.html", a=db.session.get(Article, number), user=db.session.get(Author, 1)
        )

    @app.get("/liste/<int:page>")
    def listing(page: int) -> str:
        rows = db.session.execute(
            db.select(Article).order_by(Article.id.desc()).limit(20).offset(page * 20)
        ).scalars()
        return render_template("list.html", rows=rows.all(), user=db.session.get(Author, 1))

    with app.app_context():
        db.create_all()
        db.session.add_all([Author(id=n, name=f"Person {n}") for n in range(1, 501)])
        db.session.flush()
        db.session.add_all(
            [
                Article(
                    id=n, title=f"Artikkel {n}", body="Tekst om noe. " * 60, author_id=n % 500 + 1
                )
                for n in range(1, 5001)
            ]
        )
        db.session.commit()
    return app
