"""A sandbox CRM in a process of its own, connected to a Gensvar, and what a rep would find in it."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from bench.support.processes import gensvar, kill, python, start, surroundings
from connectors.manifest import Field, manifest

CRMS = ("hubspot", "salesforce")
ANSWER = re.compile(r"(?<![0-9a-z])0[0-9a-hjkmnp-tv-z]{25}(?![0-9a-z])")  # an id of ours


@dataclass(frozen=True)
class Crm:
    """Where it is, whose it is, and the ids of its contacts."""

    name: str
    url: str
    token: str
    contacts: list[str]
    program: subprocess.Popen[bytes]

    def settings(self) -> dict[str, str]:
        """What a Gensvar must know to find it instead of the real one."""
        if self.name == "hubspot":
            return {"HUBSPOT_API_URL": self.url, "HUBSPOT_AUTHORIZE_URL": f"{self.url}/oauth"}
        return {"SALESFORCE_LOGIN_URL": self.url}

    def connect(self, environ: Mapping[str, str]) -> str:
        """Runs `gensvar install`; the installation's id."""
        where = ["--instance-url", self.url] if self.name == "salesforce" else []
        command = gensvar("install", self.name, *where, "--token", "-", "--json")
        done = subprocess.run(
            command,
            env=surroundings(environ),
            input=self.token,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        installation: str = json.loads(done.stdout)["installation"]
        return installation

    # -- what was asked of it

    def calls(self) -> Counter[str]:
        """How often each method and path was called."""
        found = self._get("/_sandbox/calls")["calls"]
        return Counter(f"{call['method']} {call['path']}" for call in found)

    def forget_calls(self) -> None:
        requests.delete(f"{self.url}/_sandbox/calls", json={}, timeout=30).raise_for_status()

    def order(self, what: str, **how: Any) -> None:
        """Something that people do in it; no call of ours."""
        answer = requests.post(f"{self.url}/_sandbox/{what}", json=how, timeout=30)
        answer.raise_for_status()

    # -- what stands in it

    def answers(self) -> dict[str, list[str]]:
        """The texts of the answer records in which an answer's id stands, by that id."""
        return self._by_answer("notes" if self._hub else "Gensvar_Answer__c")

    def tasks(self) -> dict[str, list[str]]:
        return self._by_answer("tasks" if self._hub else "Task")

    def comments(self) -> dict[str, str]:
        """The comment that stands on each contact, where one does."""
        field = manifest().contact["comment"]
        name = self._name(field)
        rows = self._rows("contacts" if self._hub else "Contact")
        return {row["id"]: row[name] for row in rows if row.get(name)}

    @property
    def _hub(self) -> bool:
        return self.name == "hubspot"

    def _by_answer(self, kind: str) -> dict[str, list[str]]:
        """By whatever names the answer, a field of its own or a marker in the text; what names none is under ''."""
        found: dict[str, list[str]] = {}
        for row in self._rows(kind):
            text = "\n".join(str(value) for value in row.values())
            for answer in set(ANSWER.findall(text)) or {""}:
                found.setdefault(answer, []).append(text)
        return found

    def _name(self, field: Field) -> str:
        return str(field.hubspot if self._hub else field.salesforce)

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        rows = self._get(f"/_sandbox/records/{kind}")["results"]
        if self._hub:
            return [{"id": row["id"], **row["properties"]} for row in rows]
        return [{"id": row["Id"], **row} for row in rows if not row["IsDeleted"]]

    def _get(self, path: str) -> Any:
        answer = requests.get(f"{self.url}{path}", timeout=120)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def sandbox(name: str, contacts: int, *, keys: bool = True) -> Iterator[Crm]:
    """*keys*: whether it lets unique key fields be made on activities; some real ones do not."""
    command = python(
        "-m", "bench.support.sandbox", name, f"{contacts}", *([] if keys else ["bare"])
    )
    program = start(command)
    try:
        assert program.stdout is not None
        said = json.loads(program.stdout.readline())
        yield Crm(name, said["url"], said["token"], said["contacts"], program)
    finally:
        kill(program)
        if program.stdout is not None:
            program.stdout.close()
