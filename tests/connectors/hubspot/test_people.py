"""What HubSpot says of a contact, in the world's own words."""

import pytest

from connectors.hubspot.people import zone


@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("america_slash_new_york", "America/New_York"),
        ("africa_slash_porto_hyphen_novo", "Africa/Porto-Novo"),
        ("utc", "UTC"),
        ("", ""),
        ("../etc/passwd", ""),
        ("atlantis_slash_city", ""),
    ],
)
def test_a_time_zone_is_read_from_hubspot_s_option(option: str, name: str) -> None:
    assert zone(option) == name
