"""The route that others are compared with: opens an itsdangerous token, inserts one row, commits."""

import os
import time
from datetime import UTC, datetime
from threading import Lock

import sqlalchemy as sa
from flask import Flask, Response, jsonify, request
from itsdangerous import URLSafeTimedSerializer

from plugin.db import Database, Timestamp, new_id

KEY = "k" * 32
table = sa.Table(
    "bare",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("ask", sa.Text, nullable=False, unique=True),
    sa.Column("score", sa.SmallInteger, nullable=False),
    sa.Column("at", Timestamp, nullable=False),
)


def serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(KEY, salt="bare")


def prepare(url: str) -> None:
    database = Database(url)
    table.metadata.create_all(database.engine)
    database.close()


def body(ask: str, score: int) -> str:
    return f"token={serializer().dumps({'id': ask})}&score={score}"


def create_app(url: str) -> Flask:
    """One transaction a request. On SQLite a lock makes writers wait their turn, because SQLite's own
    waiting sleeps for longer and longer, which would make the bare route look worse than it can be."""
    app = Flask("bare")
    database, opener, turn = Database(url, pool_size=20), serializer(), Lock()

    @app.post("/bare")
    def insert() -> Response:
        ask = opener.loads(request.form["token"], max_age=86_400)["id"]
        row = {
            "id": new_id(),
            "ask": ask,
            "score": int(request.form["score"]),
            "at": datetime.now(UTC),
        }
        if database.embedded:
            with turn, database.write() as connection:
                connection.execute(table.insert(), row)
        else:
            with database.write() as connection:
                connection.execute(table.insert(), row)
        return jsonify({"id": row["id"]})

    @app.post("/slow")
    def wait() -> Response:
        time.sleep(float(request.form["seconds"]))
        return jsonify({})

    return app


def app() -> Flask:
    """For servers that import what they serve: the database's address stands in ``BENCH_DATABASE``."""
    return create_app(os.environ["BENCH_DATABASE"])
