"""SQLite behind https as D1's REST interface and libSQL's Hrana protocol have it, as far as their own drivers ask for it.

One file for both; `statements` is what came, `streams` are the transactions of libSQL that are open.
"""

import asyncio
import base64
import json
import secrets
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

TOKEN = "token-of-the-edge-51Rk"
Json = dict[str, Any]


class Edge:
    """Both servers over one database."""

    def __init__(self, path: Path, *statements: str) -> None:
        self._path = path
        self.statements: list[str] = []
        self.streams: dict[str, sqlite3.Connection] = {}
        self.asked, self.answers = threading.Event(), threading.Event()
        self.answers.set()
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        served = {"/d1/raw": self.d1, "/v3/pipeline": self.pipeline, "/v3/cursor": self.cursor}
        self.app = Starlette(routes=[Route(path, serve, methods=["POST"]) for path, serve in served.items()])

    def open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)

    def close(self) -> None:
        for stream in self.streams.values():
            stream.close()

    # D1

    async def d1(self, request: Request) -> Response:
        """Each statement is a transaction of its own."""
        if request.headers["authorization"] != f"Bearer {TOKEN}":
            return JSONResponse({"success": False, "errors": [{"code": 10000, "message": "Authentication error"}]}, 403)
        asked = await request.json()
        self.statements.append(asked["sql"])
        connection = self.open()
        try:
            cursor = connection.execute(asked["sql"], asked.get("params") or [])
            rows = [list(row) for row in cursor.fetchall()]
        except sqlite3.Error as error:
            return JSONResponse({"success": False, "errors": [{"code": 7500, "message": f"{error}: SQLITE_ERROR"}]}, 400)
        finally:
            connection.close()
        found = {"columns": [told[0] for told in cursor.description or ()], "rows": rows}
        result = {"results": found, "success": True, "meta": {"changes": max(cursor.rowcount, 0)}}
        return JSONResponse({"success": True, "errors": [], "messages": [], "result": [result]})

    # libSQL

    async def pipeline(self, request: Request) -> Response:
        """Requests of one stream, one after the other; while `answers` is not set, none is answered."""
        self.asked.set()
        await asyncio.to_thread(self.answers.wait, 20)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"error": "unauthorized"}, 401)
        asked = await request.json()
        baton, stream = self._stream(asked)
        results = [self._answer(stream, one) for one in asked["requests"]]
        if any(one["type"] == "close" for one in asked["requests"]):
            self.streams.pop(baton).close()
            return JSONResponse({"baton": None, "base_url": None, "results": results})
        return JSONResponse({"baton": baton, "base_url": None, "results": results})

    async def cursor(self, request: Request) -> Response:
        """A batch whose rows come one by one, each in a line."""
        asked = await request.json()
        baton, stream = self._stream(asked)
        lines: list[Json] = [{"baton": baton, "base_url": None}]
        for number, step in enumerate(asked["batch"]["steps"]):
            try:
                done = self._executed(stream, step["stmt"])
            except sqlite3.Error as error:
                lines.append({"type": "step_error", "step": number, "error": {"message": str(error), "code": "SQLITE_ERROR"}})
                continue
            lines.append({"type": "step_begin", "step": number, "cols": done["cols"]})
            lines += [{"type": "row", "row": row} for row in done["rows"]]
            counted = {"affected_row_count": done["affected_row_count"], "last_insert_rowid": None}
            lines.append({"type": "step_end", **counted})
        return PlainTextResponse("".join(json.dumps(line) + "\n" for line in lines))

    def _stream(self, asked: Json) -> tuple[str, sqlite3.Connection]:
        baton = asked.get("baton") or secrets.token_hex(8)
        if baton not in self.streams:
            self.streams[baton] = self.open()
        return baton, self.streams[baton]

    def _answer(self, stream: sqlite3.Connection, asked: Json) -> Json:
        try:
            return {"type": "ok", "response": {"type": asked["type"], **self._done(stream, asked)}}
        except sqlite3.Error as error:
            return {"type": "error", "error": {"message": str(error), "code": "SQLITE_ERROR"}}

    def _done(self, stream: sqlite3.Connection, asked: Json) -> Json:
        match asked["type"]:
            case "execute":
                return {"result": self._executed(stream, asked["stmt"])}
            case "batch":
                steps = [self._executed(stream, step["stmt"]) for step in asked["batch"]["steps"]]
                return {"result": {"step_results": steps, "step_errors": [None] * len(steps)}}
            case "describe":
                return {"result": _described(stream, asked["sql"])}
            case "get_autocommit":
                return {"is_autocommit": not stream.in_transaction}
            case _:
                return {}

    def _executed(self, stream: sqlite3.Connection, statement: Json) -> Json:
        self.statements.append(statement["sql"])
        cursor = stream.execute(statement["sql"], [_plain(value) for value in statement.get("args") or ()])
        rows = [[_wrapped(value) for value in row] for row in cursor.fetchall()]
        columns = [{"name": told[0], "decltype": None} for told in cursor.description or ()]
        return {"cols": columns, "rows": rows, "affected_row_count": max(cursor.rowcount, 0), "last_insert_rowid": None}


def _described(stream: sqlite3.Connection, sql: str) -> Json:
    word = sql.lstrip().partition(" ")[0].upper()
    columns: list[Json] = []
    if word in ("SELECT", "PRAGMA", "WITH"):
        told = stream.execute(sql if word == "PRAGMA" else f"SELECT * FROM ({sql}) LIMIT 0", [None] * sql.count("?")).description
        columns = [{"name": one[0], "decltype": None} for one in told or ()]
    parameters = [{"name": None} for _ in range(sql.count("?"))]
    return {"params": parameters, "cols": columns, "is_explain": False, "is_readonly": word in ("SELECT", "PRAGMA", "WITH")}


def _plain(value: Json) -> Any:
    kinds: dict[str, Callable[[Any], Any]] = {"integer": int, "float": float, "blob": base64.b64decode}
    return kinds.get(value["type"], lambda held: held)(value.get("value", value.get("base64")))


def _wrapped(value: Any) -> Json:
    match value:
        case None:
            return {"type": "null"}
        case int():
            return {"type": "integer", "value": str(value)}
        case float():
            return {"type": "float", "value": value}
        case bytes():
            return {"type": "blob", "base64": base64.b64encode(value).decode()}
        case _:
            return {"type": "text", "value": str(value)}
