"""The package: valid, complete, the same bytes each time, and what is committed."""

import io
import zipfile
from pathlib import Path

import pytest

from connectors import build
from connectors.manifest import manifest
from connectors.salesforce import labels, objects
from connectors.salesforce.members import Member, task_key
from connectors.salesforce.metadata import members, package, removal, zipped
from connectors.sandbox.salesforce import wsdl

KINDS = {
    ".object": "CustomObject",
    ".permissionset": "PermissionSet",
    ".tab": "CustomTab",
    ".labels": "CustomLabels",
    ".translation": "Translations",
    ".xml": "Package",
}
PANEL = "lwc/gensvarPanel/"


def whole() -> dict[str, bytes]:
    return package(manifest(), members(manifest()))


@pytest.mark.parametrize("path", sorted(p for p in whole() if not p.startswith(PANEL)))
def test_every_file_is_valid_against_the_metadata_schema(path: str) -> None:
    assert wsdl.problems(whole()[path], KINDS[Path(path).suffix]) == ()


def test_the_panels_file_is_valid_against_the_metadata_schema() -> None:
    meta = whole()[f"{PANEL}gensvarPanel.js-meta.xml"]
    # The schema has base64 there; what stands in it is checked by the sandbox's deploy.
    start, _, rest = meta.partition(b"<targetConfigs>")
    plain = start + rest.partition(b"</targetConfigs>")[2]
    assert wsdl.problems(plain, "LightningComponentBundle") == ()


def test_no_test_of_the_panel_reaches_the_org() -> None:
    assert {Path(path).suffix for path in whole() if path.startswith(PANEL)} <= {
        ".js",
        ".html",
        ".css",
        ".xml",
    }
    assert not [path for path in whole() if "__tests__" in path or ".test." in path]


def test_removal_is_valid_against_the_metadata_schema() -> None:
    for content in removal(manifest(), members(manifest())).values():
        assert wsdl.problems(content, "Package") == ()


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


def test_viewers_change_what_came_of_a_task_and_ask_for_surveys_and_nothing_else() -> None:
    text = whole()["permissionsets/Gensvar_Viewer.permissionset"].decode()
    blocks = text.split("<fieldPermissions>")[1:]
    editable = [b.split("<field>")[1].split("<")[0] for b in blocks if "<editable>true" in b]
    request = manifest().salesforce.request.object
    asked = [manifest().request[key].salesforce for key in ("channel", "contact", "touchpoint")]
    assert sorted(editable) == [
        *(f"{request}.{name}" for name in asked),
        "Task.Gensvar_Cause__c",
        "Task.Gensvar_Outcome__c",
    ]
    assert "<allowEdit>true" not in text
    [creates] = [b for b in text.split("<objectPermissions>") if "<allowCreate>true" in b]
    assert f"<object>{request}</object>" in creates


def test_every_field_is_granted_to_both_and_none_is_required() -> None:
    files = whole()
    every = b"".join(content for path, content in files.items() if path.startswith("objects/"))
    assert b"<required>true" not in every
    for name in ("Gensvar_Integration", "Gensvar_Viewer"):
        granted = files[f"permissionsets/{name}.permissionset"].decode()
        for owner, parts in objects.fields_of(manifest()).items():
            on = "Task" if owner == "Activity" else owner
            for field in parts.values():
                assert f"<field>{on}.{field.salesforce}</field>" in granted


def test_every_text_of_the_card_is_one_label_in_three_languages() -> None:
    card, every = manifest().card, labels.texts(manifest())
    words = [card.texts, card.causes, card.outcomes, card.reasons]
    assert len(every) == sum(map(len, words)) + 1  # and the title
    assert every["Gensvar_cause_price"]["sv"] == "Pris"
    assert len({name.lower() for name in every}) == len(every)
    for language in ("sv", "no"):
        assert whole()[f"translations/{language}.translation"].count(b"<name>") == len(every)


def test_two_lookups_to_a_contact_have_lists_of_their_own() -> None:
    files = whole()
    assert b"Gensvar_Answers<" in files["objects/Gensvar_Answer__c.object"]
    assert b"Gensvar_Survey_Requests<" in files["objects/Gensvar_Survey_Request__c.object"]


def test_nothing_of_apex_is_in_it() -> None:
    assert {member.type for member in members(manifest())}.isdisjoint(
        {"ApexClass", "ApexTrigger", "ApexPage"}
    )
    scripts = [text for path, text in whole().items() if path.endswith(".js")]
    assert not [text for text in scripts if b"@salesforce/apex/" in text]


def test_no_layout_profile_or_page_of_the_admin_is_touched() -> None:
    folders = {path.split("/")[0] for path in whole()}
    assert folders == {
        "objects",
        "permissionsets",
        "tabs",
        "labels",
        "translations",
        "lwc",
        "package.xml",
    }
