"""One Salesforce org with one client app, served on 127.0.0.1."""

from collections.abc import Mapping
from typing import Any

from connectors.accounts import Client
from connectors.sandbox.life import LocalSandbox
from connectors.sandbox.salesforce.app import create_app
from connectors.sandbox.salesforce.deploy import apply_now
from connectors.sandbox.salesforce.door import Service
from connectors.sandbox.salesforce.oauth import OAuth
from connectors.sandbox.salesforce.org import Options, Org, Row


class SalesforceSandbox(LocalSandbox):
    """*options* are those of ``Options``, and *number* tells several orgs apart.

    The org has an administrator, who owns what nobody else owns. ``org`` is its memory, ``oauth``
    its client app.
    """

    def __init__(
        self, port: int = 0, *, name: str = "Nordlys Demo", number: int = 1, **options: Any
    ) -> None:
        self.org = Org(number)
        self.org.options = Options(**options)
        self._service = Service(self.org)
        self.oauth: OAuth = self._service.oauth
        self.admin = self.add_user("Ada", "Admin", _admin=True)
        self._service.admin = self.admin
        self.org.rows["Organization"][self.org.id] = {
            "Id": self.org.id,
            "Name": name,
            "OrganizationType": self.org.options.edition,
            "IsSandbox": False,
            "TimeZoneSidKey": "Europe/Stockholm",
            "LanguageLocaleKey": self.org.options.language,
        }
        super().__init__(create_app(self._service), port)

    # -- the account -----------------------------------------------------------------------

    @property
    def org_id(self) -> str:
        return self.org.id

    @property
    def client(self) -> Client:
        """The client app; people sign in at the sandbox."""
        return Client(self.oauth.client_id, self.oauth.client_secret, self.url)

    def token(self, user: str = "") -> str:
        """A ready access token, of the administrator unless *user* is named."""
        return self.oauth.token_for(user or self.admin)

    def refresh_token(self, user: str = "") -> str:
        """As if *user* had approved the app."""
        return self.oauth.allow(user or self.admin)

    @property
    def options(self) -> Options:
        return self.org.options

    def refuse(self, pattern: str, status: int, code: str, times: int = 1) -> None:
        """As ``fail``, with an error of Salesforce's own form."""
        body = [{"errorCode": code, "message": "ordered"}]
        self.fail(pattern, "status", times, status=status, body=body)

    # -- people and records ----------------------------------------------------------------

    def install(self, files: bytes, *, assign: Mapping[str, str] | None = None) -> None:
        """Deploys a zip at once, for tests about something else. *assign* gives users, by id, a
        permission set of it, by name. Raises ``ValueError`` with what was wrong."""
        with self.org.lock:
            apply_now(self.org, files, self.admin)
            sets = {row["Name"]: key for key, row in self.org.rows["PermissionSet"].items()}
            for user, name in (assign or {}).items():
                given = {"AssigneeId": user, "PermissionSetId": sets[name]}
                self.org.insert("PermissionSetAssignment", **given)

    def add_user(self, first: str, last: str, *, active: bool = True, **more: Any) -> str:
        address = f"{first}.{last}@nordlys.example".lower()
        more = {"Email": address, "Username": address} | more
        return self.add(
            "User", FirstName=first, LastName=last, IsActive=active, UserType="Standard", **more
        )

    def add_account(self, name: str, *, owner: str = "", **fields: Any) -> str:
        return self.add("Account", Name=name, OwnerId=owner or self.admin, **fields)

    def add_contact(
        self, email: str = "", *, owner: str = "", account: str | None = None, **fields: Any
    ) -> str:
        """A contact; its owner may be inactive, as happens when somebody leaves."""
        values = {"FirstName": "C", "LastName": "Customer", "AccountId": account} | fields
        return self.add("Contact", Email=email or None, OwnerId=owner or self.admin, **values)

    def add_contacts(self, how_many: int, **more: Any) -> list[str]:
        return [self.add_contact(f"c{n}@customer.example", **more) for n in range(how_many)]

    def add_case(self, contact: str, **fields: Any) -> str:
        """Closed, unless another status is named."""
        return self.add(
            "Case", **{"Subject": "A question", "Status": "Closed", "ContactId": contact} | fields
        )

    def add_opportunity(self, *contacts: str, primary: str = "", **fields: Any) -> str:
        """Won, unless another stage is named; the first contact is the primary one unless another is."""
        made = self.add("Opportunity", **{"Name": "A deal", "StageName": "Closed Won"} | fields)
        for contact in contacts:
            chosen = contact == (primary or contacts[0])
            role = {"OpportunityId": made, "ContactId": contact, "IsPrimary": chosen}
            self.add("OpportunityContactRole", **role)
        return made

    def add_campaign(self, name: str, *contacts: str) -> str:
        made = self.add("Campaign", Name=name, IsActive=True)
        for contact in contacts:
            self.add("CampaignMember", CampaignId=made, ContactId=contact)
        return made

    def add(self, name: str, **values: Any) -> str:
        with self.org.lock:
            return self.org.insert(name, **values)

    def merge(self, winner: str, loser: str) -> None:
        with self.org.lock:
            self.org.merge(winner, loser)

    def delete(self, record_id: str, name: str = "Contact") -> None:
        with self.org.lock:
            self.org.delete(name, record_id)

    def purge(self, record_id: str, name: str = "Contact") -> None:
        with self.org.lock:
            self.org.purge(name, record_id)

    def undelete(self, record_id: str, name: str = "Contact") -> None:
        with self.org.lock:
            self.org.undelete(name, record_id)

    def convert(self, lead_id: str) -> str:
        """The id of the contact that the lead became."""
        with self.org.lock:
            return self.org.convert(lead_id)

    def change(self, record_id: str, name: str = "Contact", **values: Any) -> None:
        with self.org.lock:
            self.org.change(name, record_id, **values)

    def rows(self, name: str) -> list[Row]:
        """All rows of an object that are not deleted (copies)."""
        with self.org.lock:
            return [dict(row) for row in self.org.rows[name].values() if not row["IsDeleted"]]

    def row(self, record_id: str, name: str = "Contact") -> Row:
        """One row now, deleted or not (a copy); raises ``KeyError``."""
        with self.org.lock:
            return dict(self.org.rows[name][record_id])

    def tasks(self, contact_id: str) -> list[Row]:
        return [row for row in self.rows("Task") if row["WhoId"] == contact_id]

    def record_url(self, contact_id: str) -> str:
        return f"{self.url}/lightning/r/Contact/{contact_id}/view"
