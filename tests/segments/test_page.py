"""The administrator's pages of segments, as a browser without script uses them."""

import csv
import io
from html import unescape

import sqlalchemy as sa

from plugin.access.store import audit_entry
from plugin.changes.store import change
from plugin.messages.store import message
from plugin.people.store import person
from plugin.segments.store import attribute, followed_list, segment
from tests.segments.conftest import Form
from tests.support.admin_data import HOSTILE, HUB, SALES, connect

LIST, NEW = "/admin/segments", "/admin/segments/new"


def shown(here, address: str) -> str:
    answer = here.get(address)
    assert answer.status_code == 200
    return unescape(answer.text)


def rule_of(here, key: str):
    with here.services.database.read() as connection:
        return connection.scalar(sa.select(segment.c.rule).where(segment.c.key == key))


def verbs(here) -> list[str]:
    with here.services.database.read() as connection:
        rows = connection.execute(sa.select(audit_entry).order_by(audit_entry.c.id))
        return [f"{row.verb} {row.object}" for row in rows if "segment" in row.object]


def saved(form: Form, name: str) -> str:
    """The key."""
    form.press("save", name=name)
    assert form.page.status_code == 303, form.errors
    return str(form.page.location).rpartition("/")[2]


def test_without_signing_in_there_is_nothing(admin):
    for address in (LIST, NEW, f"{LIST}/at-risk", f"{LIST}/at-risk.csv", f"{LIST}/settings"):
        assert admin.get(address).status_code == 303


def test_a_segment_that_is_not_there(anna):
    for key in ("nothing", HOSTILE[:9], "nothing/edit", "nothing.csv", "at-risk/edit"):
        assert anna.get(f"{LIST}/{key}").status_code == 404
    assert anna.post(f"{LIST}/nothing/archive", form_on=NEW).status_code == 404
    assert anna.post(f"{LIST}/at-risk/archive", form_on=NEW).status_code == 422


def test_before_anybody_is_known_it_says_so(anna):
    page = shown(anna, LIST)
    assert "Nobody is known here yet" in page
    assert "At risk" in page
    assert "Nobody is in it at the moment." in shown(anna, f"{LIST}/promoters-relational")


WRONG = [
    ("fell", {"points": "0"}, "Enter a number from 1 to 10."),
    ("known", {"days": "many"}, "Enter a number from 0 to 36500."),
    ("known", {"days": "²"}, "Enter a number from 0 to 36500."),
    ("speaks", {"language": "Svenska!"}, "Enter a language's tag"),
    ("met", {}, "Choose one."),
    ("field:plan", {"value": " "}, "Enter the value to compare with."),
    ("field:plan", {"value": "a\nb"}, "or choose “is one of”"),
    ("field:plan", {"value": "x" * 256}, "at most 255 characters"),
    ("field:plan", {"how": "like", "value": "x"}, "Choose one."),
    ("field:mrr", {"value": "much"}, "Enter a number, for example"),
    ("field:mrr", {"value": "inf"}, "Enter a number, for example"),
    ("field:renewal", {"how": "before", "value": "2026-02-30"}, "Enter a date, for example"),
    ("field:renewal", {"how": "in_next", "days": ""}, "Enter a number from 0"),
]


def test_what_is_typed_wrong_is_said_and_nothing_is_lost(kept):
    for what, typed, words in WRONG:
        form = Form(kept).add("newest", category="promoter").add(what, **typed)
        form.press("save", name="Friends")
        assert form.page.status_code == 422
        assert any(words in error for error in form.errors), (what, typed, form.errors)
        assert form.fields["name"] == "Friends"
        assert form.fields["category.r.0"] == "promoter"
        assert form.fields["what.r.1"] == what
    assert "Friends" not in shown(kept, LIST)


def test_a_rule_without_conditions_and_a_segment_without_a_name_are_refused(kept):
    form = Form(kept).press("save", name="Friends")
    assert form.errors == ["Add a condition."]
    assert form.press("group r").press("save").errors == [
        "Add a condition to this group, or remove it."
    ]
    form.press("remove r.0").add("speaks", language="sv")
    assert form.press("save", name=" ").errors == ["Enter a name."]
    assert form.press("save", name="at RISK").errors == ["Another segment has this name."]
    assert verbs(kept) == []


def test_groups_in_groups_are_built_by_plain_buttons(kept, said):
    board = said(3, "Astrid", {"plan": "gold", "mrr": 900}, ("12",))
    said(9, "Bosse Ek", {"plan": "gold", "mrr": 1200})
    said(2, "Cem", {"plan": "iron", "mrr": 2000})
    form = Form(kept).add("newest", kind="transactional", category="detractor")
    form.press("group r").press("group r.1")
    form.add("list:hubspot:4711/12", "r.1").add(
        "field:mrr", "r.1.0", how="at_least", value="1 000,5"
    )
    form.add("field:plan", "r.1.0", how="is").fields["value.r.1.0.1"] = "gold"
    form.press("count", what_r_1="any")
    page = unescape(form.page.text)
    assert "1 person" in page
    assert "Nothing is saved yet." in page
    key = saved(form, "Detractors we listen to")
    assert rule_of(kept, key) == {
        "all": [
            {"category": "detractor", "kind": "transactional"},
            {
                "any": [
                    {
                        "all": [
                            {"attribute": {"field": "mrr", "at_least": 1000.5}},
                            {"attribute": {"field": "plan", "is": "gold"}},
                        ]
                    },
                    {"list": "12", "installation": HUB},
                ]
            },
        ]
    }
    page = shown(kept, f"{LIST}/{key}")
    assert "Astrid" in page
    assert "Bosse Ek" not in page
    assert f"person={board}" in page
    assert "or who are on the list “Advisory board”" in page
    assert "{" not in page[page.index("<main") :]


def test_a_group_goes_three_deep_and_no_deeper(kept):
    form = Form(kept).press("group r").press("group r.0").press("group r.0.0")
    assert "what.r.0.0" in form.fields
    assert "what.r.0.0.0" not in form.fields
    assert 'value="group r.0.0"' not in form.page.text


def test_a_form_that_no_page_of_ours_sent_changes_nothing(kept):
    form = Form(kept).add("speaks", language="sv")
    for order in ("remove r.7", "remove x", "add r.0", "group r.9.9", "add r", "nonsense"):
        form.press(order, new_r="nonsense")
        assert form.page.status_code == 200
        assert form.fields["what.r.0"] == "speaks"
    form.fields |= {"what.r.3": "sql", "what.r.x": "speaks", "what.r.0.0.0.0": "all"}
    assert form.press("count").fields["what.r.0"] == "speaks"
    assert "what.r.1" not in form.fields


def test_an_own_segment_is_changed_archived_and_brought_back(kept, said):
    said(9, "Bo", locale="sv")
    key = saved(Form(kept).add("newest", category="promoter"), "Everyone Ö")
    assert key == "everyone-o"
    assert "Everybody known here is in it." in shown(kept, f"{LIST}/{key}")
    form = Form(kept, f"{LIST}/{key}/edit")
    assert form.fields["category.r.0"] == "promoter"
    form.press("save", not_r_0="not", name="Nobody")
    assert rule_of(kept, key) == {"not": {"category": "promoter", "kind": "transactional"}}
    page = shown(kept, f"{LIST}/{key}")
    assert "Nobody is in it at the moment." in page
    assert kept.post(f"{LIST}/{key}/archive", form_on=f"{LIST}/{key}").status_code == 303
    assert "Hidden and archived" in shown(kept, LIST)
    assert kept.post(f"{LIST}/{key}/bring-back", form_on=f"{LIST}/{key}").status_code == 303
    assert verbs(kept) == [
        f"{verb} segment {key}" for verb in ("added", "changed", "archived", "brought back")
    ]


def test_one_that_is_in_use_is_not_archived(kept):
    key = saved(Form(kept).add("speaks", language="sv"), "Swedes")
    saved(Form(kept).add("member", segment=key), "All Swedes")
    now = kept.clock.now()
    with kept.services.database.write() as connection:
        row = {"id": "c", "title": "Faster replies", "created_at": now, "created_by": "x"}
        connection.execute(change.insert().values(row))
        told = {"change": "c", "minus": [key], "created_at": now, "created_by": "x"}
        connection.execute(message.insert().values(told))
    refused = kept.post(f"{LIST}/{key}/archive", form_on=f"{LIST}/{key}")
    assert refused.status_code == 422
    words = "It is in use: the segment “All Swedes”; the message of “Faster replies”. Take it out there first."
    assert words in unescape(refused.text)
    with kept.services.database.write() as connection:
        connection.execute(message.update().values(state="done"))
        connection.execute(segment.delete().where(segment.c.key == "all-swedes"))
    assert kept.post(f"{LIST}/{key}/archive", form_on=f"{LIST}/{key}").status_code == 303


def test_a_name_in_another_script_or_of_a_page_has_a_key_of_its_own(kept):
    for name, key in (
        ("Fields", "fields-2"),
        ("Értékes", "ertekes"),
        ("顧客", "segment"),
        ("客", "segment-2"),
    ):
        assert saved(Form(kept).add("speaks", language="sv"), name) == key
        assert f"<h1>{name}</h1>" in shown(kept, f"{LIST}/{key}")


def test_a_segment_cannot_become_part_of_itself(kept):
    one = saved(Form(kept).add("speaks", language="sv"), "One")
    two = saved(Form(kept).add("member", segment=one), "Two")
    form = Form(kept, f"{LIST}/{one}/edit").add("member", segment=two)
    form.press("save")
    assert form.errors == ["This rule cannot be used: “One” would be part of itself."]
    assert rule_of(kept, one) == {"language": "sv"}


def test_a_ready_one_is_hidden_and_shown_but_not_changed(kept):
    hide = f"{LIST}/at-risk/hide"
    for _ in range(2):
        assert kept.post(hide, form_on=f"{LIST}/at-risk").status_code == 303
    page = shown(kept, f"{LIST}/at-risk")
    assert "It is hidden" in page
    assert "Show again" in page
    assert kept.post(f"{LIST}/at-risk/unhide", form_on=f"{LIST}/at-risk").status_code == 303
    assert verbs(kept) == ["hid segment at-risk", "showed segment at-risk"]


def test_ready_ones_go_by_dates_that_are_kept_in_step(kept):
    good = {"since_field": "renewal", "renewal_field": "", "new_days": "30", "long_days": "365"}
    good |= {"renewal_days": "60", "fall": "2"}
    wrong = {
        "new_days": "0",
        "fall": "11",
        "renewal_days": "",
        "since_field": "plan",
        "renewal_field": "no",
    }
    for field, typed in wrong.items():
        answer = kept.post(f"{LIST}/settings", **(good | {field: typed}))
        assert answer.status_code == 422
        assert f'id="error-{field}"' in answer.text
    assert kept.post(f"{LIST}/settings", **good).status_code == 303
    page = shown(kept, f"{LIST}/new-customers")
    assert "People whose Renewal is within the last 30 days." in page


def test_fields_of_two_crms_with_one_name_are_told_apart(kept):
    account = connect(kept.services, SALES, "Fjord")
    row = {"installation": account, "field": "Renewal_Date__c", "label": "Renewal", "kind": "date"}
    one = {"installation": account, "list": "701", "label": "Advisory board"}
    with kept.services.database.write() as connection:
        connection.execute(attribute.insert().values(**row, created_at=kept.clock.now()))
        connection.execute(followed_list.insert().values(**one, created_at=kept.clock.now()))
    for page in (f"{LIST}/new", f"{LIST}/settings"):
        assert "Renewal (renewal)" in (offered := shown(kept, page))
        assert "Renewal (Renewal_Date__c)" in offered
        assert ">Renewal<" not in offered
    assert f"Advisory board ({account}, 701)" in shown(kept, f"{LIST}/new")


def test_why_somebody_is_in_it_and_why_not(kept, said):
    who = said(3, "Astrid Berg", {"plan": "gold", "renewal": 20800}, ("12",), comment=HOSTILE)
    form = Form(kept).add("newest", category="promoter").add("field:plan", how="is", value="iron")
    form.add("field:renewal", how="before", value="2027-01-01").add("list:hubspot:4711/12")
    key = saved(form, "Someday")
    page = shown(kept, f"{LIST}/{key}?who=astrid+berg")
    told = page[page.index('id="told"') :]
    assert "is not in it" in told
    assert "3, on 20 Nov 2026" in told
    assert (
        'does not hold</span> <span>whose Plan is “iron”</span>: <bdi class="quiet">“gold”' in told
    )
    assert "holds</span> <span>whose Renewal is before 1 Jan 2027" in told
    assert "13 Dec 2026" in told
    assert "on it" in told
    assert f"person={who}" not in told[: told.index("is not in it")]
    assert "Nobody known here is called so." in shown(kept, f"{LIST}/{key}?who=Nobody")
    with kept.services.database.write() as connection:
        gone = person.update().where(person.c.id == who)
        connection.execute(gone.values(gone_at=kept.clock.now()))
    assert "This contact was deleted in the CRM" in shown(kept, f"{LIST}/{key}?person={who}")


def test_several_of_one_name_are_told_apart(kept, said):
    said(3, "Astrid Berg", company="Fjord")
    said(9, "Astrid Berg", company="Nordlys")
    page = shown(kept, f"{LIST}/at-risk?who=Astrid+Berg")
    assert "Several contacts are called so." in page
    assert "Nordlys" in page


def test_a_field_that_is_kept_no_longer_is_said_and_can_be_taken_out(kept, said):
    said(9, fields={"plan": "gold"})
    key = saved(Form(kept).add("field:plan", how="is_not", value="iron"), "Not iron")
    with kept.services.database.write() as connection:
        connection.execute(attribute.delete().where(attribute.c.field == "plan"))
    for address in (LIST, f"{LIST}/{key}"):
        words = "The CRM field “plan” is not kept in step, so it counts as empty for everybody."
        assert words in shown(kept, address)
    form = Form(kept, f"{LIST}/{key}/edit")
    assert "plan (not kept in step)" in form.page.text
    assert (form.fields["how.r.0"], form.fields["value.r.0"]) == ("is_not", "iron")
    form.press("remove r.0").add("speaks", language="sv")
    saved(form, "Not iron")


def test_people_by_a_fields_values_become_a_segment(kept, said):
    for plan in ("gold", "gold", HOSTILE):
        said(9, plan[:20], {"plan": plan})
    page = shown(kept, f"{LIST}/values?field=plan")
    assert "<td>2</td>" in page
    assert HOSTILE not in kept.get(f"{LIST}/values?field=plan").text
    form = Form(kept, f"{NEW}?field=plan&value=gold")
    key = saved(form, "Gold")
    assert rule_of(kept, key) == {"attribute": {"field": "plan", "is": "gold"}}
    assert "2 people" in shown(kept, f"{LIST}/{key}")


def test_the_file_has_everybody_and_nothing_a_spreadsheet_runs(kept, said):
    said(1, "=cmd()", company="+1")
    said(2, "Cem")
    said(9, "Bo")
    answer = kept.get(f"{LIST}/detractors-transactional.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["name"] for row in rows] == ["'=cmd()", "Cem"]
    assert rows[0]["company"] == "'+1"
    assert rows[0]["test"] == "no"
    assert "exported segment detractors-transactional" in verbs(kept)
