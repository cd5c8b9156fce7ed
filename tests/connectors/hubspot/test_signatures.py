"""Requests that HubSpot signed, and everything that only looks like one. The first four cases are the vendor's own."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hubspot.utils.signature import Signature

from connectors.hubspot.signatures import (
    Judged,
    Signed,
    decoded,
    judge,
    signature_v2,
    signature_v3,
)

SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
ADDRESS = "https://www.example.com/webhook_uri"
BODY = b"{'example_field':'example_value'}"
V3_AT, V3 = "1693657560000", "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y="
V2_POST = "4fe4e3a7d3cf09db53be39d0a58130e2aaba074ec123a9e355b876a689a1c383"
V2_GET = "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e"
V1 = "69fc6631a867edd4f9e9e627fc5c1148e3fbdd8b21837b6d2b8901c1fa57f750"

CARD = "https://nps.example.com/hubspot/card/contact?contactId=201&portalId=555001&userId=9&userEmail=rep%40example.com&appId=42"
CARD_AT, CARD_V3 = "1790000002000", "7ubJZFwoln9D5nR+BiIs8AThVPUzvLxdBkU45PAb6Ww="
MERGE = (
    b'[{"eventId":100,"subscriptionId":7,"portalId":555001,"appId":42,"occurredAt":1790000000000,'
    b'"subscriptionType":"object.merge","objectTypeId":"0-1","attemptNumber":0,"objectId":203,'
    b'"primaryObjectId":201,"mergedObjectIds":[202],"newObjectId":203,"numberOfPropertiesMoved":4}]'
)
MERGE_AT, MERGE_V3 = "1790000001000", "f3Hdt4Qp5uv7ha4nuy0xYjJrgik8V3jlbbZJi3ejnDo="


def v3(method="POST", uri=ADDRESS, body=BODY, signature=V3, at=V3_AT) -> Signed:
    given = {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": at}
    return Signed(method, uri, body, {k: v for k, v in given.items() if v is not None})


def v2(method="POST", uri=ADDRESS, body=BODY, signature=V2_POST, version="v2") -> Signed:
    given = {"X-HubSpot-Signature": signature, "X-HubSpot-Signature-Version": version}
    return Signed(method, uri, body, given)


def moment(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def judged(request: Signed, *, at: str = V3_AT, later=timedelta(), old=False, secrets=(SECRET,)):
    return judge(request, secrets, moment(at) + later, old=old)[0]


@pytest.mark.parametrize(
    ("request_", "at"),
    [
        (v3(), V3_AT),
        (v3(uri="https://nps.example.com/hubspot/webhooks", body=MERGE, signature=MERGE_V3,
            at=MERGE_AT), MERGE_AT),
        (v3("GET", CARD, b"", CARD_V3, CARD_AT), CARD_AT),
    ],
)  # fmt: skip
def test_known_signatures_of_version_3(request_, at):
    assert judged(request_, at=at) is Judged.GOOD
    assert judged(request_, at=at, old=True) is Judged.GOOD


@pytest.mark.parametrize("request_", [v2(), v2("GET", body=b"", signature=V2_GET)])
def test_known_signatures_of_version_2_are_good_only_where_they_are_asked_for(request_):
    assert judged(request_, old=True) is Judged.GOOD
    assert judged(request_) is Judged.WRONG


@pytest.mark.parametrize("version", ["v1", "v2", "V2", ""])
def test_version_1_is_good_nowhere(version):
    assert judged(v2(signature=V1, version=version), old=True) is Judged.WRONG


def test_another_version_than_the_signature_is_of():
    assert judged(v2(version="v1"), old=True) is Judged.WRONG
    assert judged(v2(signature=V2_POST.upper()), old=True) is Judged.WRONG


def test_whatever_carries_version_3_is_judged_by_that_alone():
    headers = dict(v2().headers)
    headers["X-HubSpot-Request-Timestamp"] = V3_AT

    assert judged(Signed("POST", ADDRESS, BODY, headers), old=True) is Judged.WRONG


@pytest.mark.parametrize(
    "request_",
    [
        v3(body=BODY + b" "),
        v3(body=b""),
        v3("PUT"),
        v3(uri=ADDRESS + "/"),
        v3(uri=ADDRESS.replace("https", "http")),
        v3(uri=ADDRESS + "?portalId=1"),
        v3(at="1693657560001"),
        v3(at=None),
        v3(at=""),
        v3(signature=None),
        v3(signature=""),
        v3(signature=V3.rstrip("=")),
        v3(signature=V3 + "="),
        v3(signature=V3.lower()),
        v3(signature="åäö\udc80"),
        v3(signature=f"{V3}, {V3}"),
        Signed("POST", ADDRESS, BODY, {}),
    ],
)
def test_anything_changed_or_missing(request_):
    assert judged(request_) is Judged.WRONG


@pytest.mark.parametrize("secrets", [(), ("",), ("another",), (SECRET + " ",)])
def test_no_secret_or_another(secrets):
    assert judged(v3(), secrets=secrets) is Judged.WRONG


def test_a_missing_secret_is_no_key():
    made = signature_v3("", "POST", ADDRESS, BODY, V3_AT)

    assert judged(v3(signature=made), secrets=("",)) is Judged.WRONG
    made = signature_v2("", "POST", ADDRESS, BODY)
    assert judged(v2(signature=made), secrets=("",), old=True) is Judged.WRONG


def test_the_secret_that_fits_is_named():
    assert judge(v3(), ("one", SECRET, "two"), moment(V3_AT)) == (Judged.GOOD, SECRET)


@pytest.mark.parametrize(
    ("later", "verdict"),
    [
        (timedelta(minutes=5), Judged.GOOD),
        (timedelta(minutes=5, milliseconds=1), Judged.SKEWED),
        (timedelta(days=400), Judged.SKEWED),
        (timedelta(seconds=-30), Judged.GOOD),
        (timedelta(seconds=-31), Judged.SKEWED),
        (timedelta(minutes=-10), Judged.SKEWED),
    ],
)
def test_both_edges_of_the_time(later, verdict):
    assert judged(v3(), later=later) is verdict


@pytest.mark.parametrize(
    "at", ["soon", "1693657560000.0", " 1693657560000", "-1", "9" * 15, "9" * 40, "١٦"]
)
def test_a_time_that_is_none_is_never_of_now(at):
    made = signature_v3(SECRET, "POST", ADDRESS, BODY, at)

    assert judged(v3(signature=made, at=at)) is Judged.SKEWED


def test_exactly_these_are_decoded():
    table = {"%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$"}
    table |= {"%27": "'", "%28": "(", "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";"}
    kept = {f"%{byte:02X}" for byte in range(256)} - set(table)

    assert "".join(map(decoded, table)) == "".join(table.values())
    assert all(decoded(code) == code for code in kept)
    assert decoded("%3a%2f") == "%3a%2f"
    assert decoded("%253A%2540+") == "%253A%2540+"


def test_the_vendors_helper_agrees_where_it_can():
    at, uri = str(int(time.time() * 1000)), decoded(CARD)
    theirs = Signature.get_signature(SECRET, MERGE.decode(), "v3", uri, "POST", at)

    assert theirs == signature_v3(SECRET, "POST", CARD, MERGE, at)
    assert Signature.is_valid(theirs, SECRET, MERGE.decode(), uri, "POST", "v3", at)
    assert Signature.get_signature(SECRET, MERGE.decode(), "v2", CARD, "POST") == signature_v2(
        SECRET, "POST", CARD, MERGE
    )
