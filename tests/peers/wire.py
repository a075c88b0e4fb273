"""Bare HTTP to the sandbox, free of any client's own idea of an answer: these tests judge the JSON on the wire."""

import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loading the system's certificates costs a client 20 ms; nothing on loopback speaks TLS."""

Params = Mapping[str, str | int | bool | list[str]]


class Wire:
    """One service of the sandbox, with one key."""

    def __init__(self, base: str, key: str | None) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(base_url=base, headers=headers, verify=NO_TLS, timeout=10)

    def close(self) -> None:
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        form: Params | None = None,
        *,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Whatever the answer is; `form` is the query of a GET or DELETE and the body of a POST."""
        place = "data" if method == "POST" else "params"
        sent: dict[str, Any] = {place: flat(form)} if form else {}
        return self._http.request(method, path, json=json, headers=headers, **sent)

    def ok(self, method: str, path: str, form: Params | None = None, *, json: Any = None) -> Any:
        """The JSON of an answer that has to be a success."""
        answer = self.send(method, path, form, json=json)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def get(self, path: str, **params: Any) -> Any:
        return self.ok("GET", path, params)

    def pages(self, path: str, **params: Any) -> Iterator[Any]:
        """Every page of one of Stripe's lists."""
        page = self.get(path, **params)
        yield page
        while page["has_more"]:
            page = self.get(path, **params, starting_after=page["data"][-1]["id"])
            yield page


def flat(form: Params) -> dict[str, Any]:
    """`{"expand": ["a"]}` as `{"expand[]": ["a"]}`, and truth values as Stripe spells them."""
    spelled = {name: str(value).lower() if isinstance(value, bool) else value for name, value in form.items()}
    return {f"{name}[]" if isinstance(value, list) else name: value for name, value in spelled.items()}
