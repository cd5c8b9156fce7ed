"""Settings: a bad or unknown one stops the start and is named."""

from pathlib import Path

import pytest

from plugin.config import BadSetting, load

KEYS = "k" * 32


def refusal(tmp_path: Path, **given: str) -> str:
    with pytest.raises(BadSetting) as refused:
        load({f"GENSVAR_{name}": text for name, text in given.items()}, instance=tmp_path)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("COLOUR", "blue"),
        ("ENV", "staging"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "nonsense"),
        ("BASE_URL", "nps.example.com"),
        ("BASE_URL", "https://user:pass@nps.example.com"),
        ("ALLOWED_ORIGINS", "https://a.example/path"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "https://*.example.com"),
        ("ALLOWED_ORIGINS", "https://a.example https://b.example"),
        ("BASE_URL", "https://nps.example.com:99999"),
        ("BASE_URL", "https://nps example.com"),
        ("BASE_URL", "https://["),
        ("MAIL_URL", "mail.example.com"),
        ("MAIL_URL", "http://mail.example.com"),
        ("BOUNCE_URL", "smtp://mail.example.com"),
        ("COLOUR", ""),
        ("SIGNING_KEYS", "short"),
        ("SIGNING_KEYS", f"{KEYS},short"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "all"),
        ("TIME_SCALE", "0"),
        ("TIME_SCALE", "fast"),
        ("LOG_LEVEL", "loud"),
        ("METRICS_TOKEN", "short"),
        ("HUBSPOT_API_VERSION", "v3/../"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, name: str, text: str) -> None:
    assert f"GENSVAR_{name}" in refusal(tmp_path, **{name: text})


@pytest.mark.parametrize("name", ["SIGNING_KEYS", "ADMIN_TOKEN", "METRICS_TOKEN"])
def test_a_bad_secret_is_named_but_never_shown(tmp_path: Path, name: str) -> None:
    assert "s3cr3t" not in refusal(tmp_path, **{name: "s3cr3t"})


@pytest.mark.parametrize("name", ["BASE_URL", "HUBSPOT_API_URL", "SALESFORCE_LOGIN_URL"])
def test_production_is_https_only(tmp_path: Path, name: str) -> None:
    assert f"GENSVAR_{name}" in refusal(tmp_path, **{name: "http://127.0.0.1:8000"})
    assert load(
        {"GENSVAR_ENV": "demo", f"GENSVAR_{name}": "http://127.0.0.1:8000"}, instance=tmp_path
    )


def test_time_is_scaled_only_in_demo_and_tests(tmp_path: Path) -> None:
    assert "TIME_SCALE" in refusal(tmp_path, TIME_SCALE="60")
    assert (
        load({"GENSVAR_ENV": "test", "GENSVAR_TIME_SCALE": "60"}, instance=tmp_path).time_scale
        == 60
    )


@pytest.mark.parametrize("missing", ["SIGNING_KEYS", "ENCRYPTION_KEYS", "ADMIN_TOKEN"])
def test_several_hosts_need_the_same_keys(tmp_path: Path, missing: str) -> None:
    given = {
        "DATABASE_URL": "postgresql+psycopg://localhost/x",
        "SIGNING_KEYS": KEYS,
        "ENCRYPTION_KEYS": KEYS,
        "ADMIN_TOKEN": KEYS,
    }
    assert f"GENSVAR_{missing}" in refusal(
        tmp_path, **{k: v for k, v in given.items() if k != missing}
    )


def test_keys_of_the_embedded_default_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first = load({}, instance=tmp_path / "instance")
    second = load({}, instance=tmp_path / "instance")
    assert first.signing_keys == second.signing_keys
    assert len({first.signing_keys, first.encryption_keys, (first.admin_token,)}) == 3
    for file in (tmp_path / "instance").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    assert first.signing_keys[0] not in repr(first)
    assert first.admin_token not in repr(first)


def test_a_secret_may_stand_in_a_file_but_not_twice(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{KEYS}\n", encoding="ascii")
    assert load({"GENSVAR_SIGNING_KEYS_FILE": str(file)}, instance=tmp_path).signing_keys == (KEYS,)
    assert "both" in refusal(tmp_path, SIGNING_KEYS=KEYS, SIGNING_KEYS_FILE=str(file))
    assert "cannot be read" in refusal(tmp_path, SIGNING_KEYS_FILE=str(tmp_path / "none"))


def test_a_damaged_key_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "signing-keys").write_text("half", encoding="ascii")
    assert "damaged" in refusal(tmp_path)


def test_a_secret_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff" * 40)

    assert "GENSVAR_ADMIN_TOKEN_FILE" in refusal(
        tmp_path, ADMIN_TOKEN_FILE=str(tmp_path / "key"), BASE_URL="https://nps.example.com"
    )


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://Shop.Example:443", "https://shop.example"),
        ("https://shop.example:8443/", "https://shop.example:8443"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_origins_are_kept_as_browsers_send_them(tmp_path: Path, given: str, sent: str) -> None:
    read = load({"GENSVAR_ENV": "test", "GENSVAR_ALLOWED_ORIGINS": given}, instance=tmp_path)

    assert read.allowed_origins == (sent,)


def test_a_mail_password_may_hold_anything(tmp_path: Path) -> None:
    address = "smtp://user:p;*{w@mail.example.com:587?tls=starttls"

    assert load({"GENSVAR_MAIL_URL": address}, instance=tmp_path).mail_url == address
