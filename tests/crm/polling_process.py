"""A process that polls one installation, to be killed while it does: installation, database, address of the org."""

import sys

from tests.crm.places import place, settings


def main() -> None:
    installation, database_url, org = sys.argv[1:]
    place(settings(database_url, salesforce_login_url=org)).poll(installation, times=20)


if __name__ == "__main__":
    main()
