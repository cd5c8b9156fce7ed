"""The package: valid, complete, the same bytes each time, and what is committed."""

import io
import zipfile
from pathlib import Path

import pytest

from connectors import build
from connectors.manifest import manifest
from connectors.salesforce.metadata import (
    Member,
    members,
    package,
    removal,
    task_key,
    zipped,
)
from connectors.sandbox.salesforce import wsdl

KINDS = {".object": "CustomObject", ".permissionset": "PermissionSet", ".tab": "CustomTab"}


def whole() -> dict[str, bytes]:
    return package(manifest(), members(manifest()))


@pytest.mark.parametrize("path", sorted(whole()))
def test_every_file_is_valid_against_the_metadata_schema(path: str) -> None:
    kind = KINDS.get(Path(path).suffix, "Package")
    assert wsdl.problems(whole()[path], kind) == []


def test_removal_is_valid_against_the_metadata_schema() -> None:
    for content in removal(manifest(), members(manifest())).values():
        assert wsdl.problems(content, "Package") == []


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (b"<type>Text</type>", b"<type>Txt</type>"),
        (b"<unique>true</unique>", b"<unique>maybe</unique>"),
        (b"<length>64</length>", b"<length>long</length>"),
        (b"</CustomObject>", b"<surprise/></CustomObject>"),
        (b"</CustomObject>", b""),
    ],
)
def test_the_schema_finds_what_is_wrong(wrong: bytes, found: bytes) -> None:
    content = whole()["objects/Gensvar_Answer__c.object"]
    assert wrong in content
    assert wsdl.problems(content.replace(wrong, found), "CustomObject")


def test_the_committed_files_are_those_of_the_manifest() -> None:
    folder = build.FOLDERS["salesforce"]
    assert build.differences(build.files("salesforce"), folder) == []
    committed = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert committed == set(whole())


def test_the_zip_is_the_same_bytes_each_time() -> None:
    files = whole()
    assert zipped(files) == zipped(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(files)
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_part_of_the_package_lists_only_that_part() -> None:
    one = Member("CustomField", "Contact.Gensvar_Score__c")
    files = package(manifest(), {one})
    assert set(files) == {"package.xml", "objects/Contact.object"}
    assert files["objects/Contact.object"].count(b"<fields>") == 1
    assert files["package.xml"].count(b"<members>") == 1


def test_fields_of_tasks_are_made_on_activity_and_granted_on_task() -> None:
    files = whole()
    assert b"Gensvar_Key__c" in files["objects/Activity.object"]
    granted = files["permissionsets/Gensvar_Integration.permissionset"]
    assert b"<field>Task.Gensvar_Key__c</field>" in granted
    assert b"<field>Activity." not in granted


def test_without_the_task_key_nothing_names_it() -> None:
    files = package(manifest(), members(manifest()), {task_key(manifest())})
    assert b"Gensvar_Key__c" not in files["objects/Activity.object"]
    assert b"Activity.Gensvar_Key__c" not in files["package.xml"]
    for name in ("Gensvar_Integration", "Gensvar_Viewer"):
        assert b"Task.Gensvar_Key__c" not in files[f"permissionsets/{name}.permissionset"]


def test_viewers_change_nothing_but_cause_and_outcome() -> None:
    text = whole()["permissionsets/Gensvar_Viewer.permissionset"].decode()
    blocks = text.split("<fieldPermissions>")[1:]
    editable = [b.split("<field>")[1].split("<")[0] for b in blocks if "<editable>true" in b]
    assert editable == ["Task.Gensvar_Cause__c", "Task.Gensvar_Outcome__c"]
    assert "<allowEdit>true" not in text


def test_no_layout_profile_or_page_of_the_admin_is_touched() -> None:
    folders = {path.split("/")[0] for path in whole()}
    assert folders == {"objects", "permissionsets", "tabs", "package.xml"}
