"""Administrators among themselves: inviting, removing, sessions, passwords, the way in when all is lost."""

import threading

from plugin.access import actions
from tests.support.admin import PASSWORD, Admin

NEW = "quite another good sentence"


def with_bo(anna: Admin) -> Admin:
    bo = anna.another()
    assert bo.post(anna.invite(), name="Bo", password=PASSWORD).status_code == 303
    return bo


def remove(admin: Admin, name: str) -> str:
    page = admin.get("/admin/administrators").text
    block = page.split(f"<bdi>{name}</bdi></span>")[1].split("</li>\n  <li>")[0]
    path = block.split('action="/admin/administrators/')[1].split('"')[0]
    path = f"/admin/administrators/{path}"
    return admin.post(path, form_on="/admin/administrators").location


def test_a_removed_administrator_is_out_at_once(anna: Admin) -> None:
    bo = with_bo(anna)
    assert bo.get("/admin/").status_code == 200
    remove(anna, "Bo")
    assert bo.get("/admin/").status_code == 303
    assert bo.sign_in("Bo").status_code == 422
    assert "removed" in anna.get("/admin/audit").text


def test_the_last_administrator_stays(anna: Admin) -> None:
    bo = with_bo(anna)
    page = bo.get("/admin/administrators").text
    anna_id = next(
        part.split("/")[0]
        for part in page.split('action="/admin/administrators/')[1:]
        if "/remove" in part.split('"')[0]
    )
    remove(anna, "Bo")
    anna.post(f"/admin/administrators/{anna_id}/remove", form_on="/admin/administrators")
    assert "The last administrator stays" in anna.get("/admin/administrators").text
    assert anna.get("/admin/").status_code == 200


def test_two_who_remove_each_other_at_once_do_not_both_succeed(anna: Admin) -> None:
    from plugin.access import administrators
    from plugin.errors import Problem

    with_bo(anna)
    with anna.services.database.read() as connection:
        both = administrators.listed(connection)
    barrier, refused = threading.Barrier(2), []

    def attack(me: int) -> None:
        barrier.wait()
        try:
            actions.remove(anna.services, both[me].who, both[1 - me].id)
        except Problem as problem:
            refused.append(problem.code)

    threads = [threading.Thread(target=attack, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with anna.services.database.read() as connection:
        assert len(administrators.listed(connection)) == 1
    assert len(refused) == 1


def test_other_sessions_can_be_ended(anna: Admin) -> None:
    second = anna.another()
    second.sign_in()
    page = anna.get("/admin/account").text
    end = page.split('action="/admin/account/sessions/')[1].split('"')[0]
    anna.post(f"/admin/account/sessions/{end}", form_on="/admin/account")
    assert second.get("/admin/account").status_code == 303
    assert anna.get("/admin/account").status_code == 200


def test_nobody_ends_another_administrators_session(anna: Admin) -> None:
    bo, second = with_bo(anna), anna.another()
    second.sign_in()
    end = anna.get("/admin/account").text.split('action="/admin/account/sessions/')[1].split('"')[0]
    bo.post(f"/admin/account/sessions/{end}", form_on="/admin/account")
    assert second.get("/admin/account").status_code == 200


def test_a_new_password_ends_the_other_sessions(anna: Admin) -> None:
    second = anna.another()
    second.sign_in()
    changed = anna.post(
        "/admin/account/password", form_on="/admin/account", current=PASSWORD, password=NEW
    )
    assert changed.status_code == 303
    assert second.get("/admin/").status_code == 303
    assert second.sign_in(password=PASSWORD).status_code == 422
    assert second.sign_in(password=NEW).status_code == 303


def test_a_new_password_needs_the_old_one(anna: Admin) -> None:
    page = anna.post(
        "/admin/account/password", form_on="/admin/account", current="wrong", password=NEW
    )
    assert page.status_code == 422
    assert "This is not your password." in page.text


def test_the_way_in_from_the_command_line_works_once(anna: Admin) -> None:
    link = actions.admin_link(anna.services).removeprefix("http://localhost")
    lost = anna.another()
    page = lost.get(link).text
    me = page.split('name="administrator" value="')[1].split('"')[0]
    entered = lost.post(f"{link}/rescue", form_on=link, administrator=me, new_password=NEW)
    assert (entered.status_code, entered.location) == (303, "/admin/account")
    assert anna.get("/admin/").status_code == 303, "her other sessions have ended"
    assert anna.another().get(link).status_code == 403
    assert "Command line" in lost.get("/admin/audit").text


def test_the_way_in_can_make_a_new_administrator(anna: Admin) -> None:
    link = actions.admin_link(anna.services).removeprefix("http://localhost")
    cleo = anna.another()
    assert cleo.post(link, name="Cleo", password=PASSWORD).status_code == 303
    assert "Cleo" in anna.get("/admin/administrators").text


def test_an_invitation_is_no_way_to_take_somebodys_place(anna: Admin) -> None:
    link = anna.invite()
    me = anna.get("/admin/administrators")
    assert me.status_code == 200
    thief = anna.another()
    from plugin.access import administrators

    with anna.services.database.read() as connection:
        victim = administrators.listed(connection)[0].id
    taken = thief.post(f"{link}/rescue", form_on=link, administrator=victim, new_password=NEW)
    assert taken.status_code == 403
    assert anna.get("/admin/").status_code == 200
    assert anna.another().sign_in().status_code == 303


def test_hostile_names_are_only_text(anna: Admin) -> None:
    from tests.support.admin_data import HOSTILE

    anna.invite(HOSTILE)
    mean = anna.another()
    mean.post(anna.invite(), name=HOSTILE, password=PASSWORD)
    for path in ("/admin/", "/admin/administrators", "/admin/audit", "/admin/account"):
        text = mean.get(path).text
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert "49" not in text.split("alert(1)")[-1][:12], path


def test_an_address_for_alerts_is_kept_corrected_and_taken_away(anna: Admin) -> None:
    for typed, status in (("anna", 422), ("anna@acme.example", 303), ("", 303)):
        answer = anna.post("/admin/account/email", form_on="/admin/account", email=typed)
        assert answer.status_code == status
        kept = typed if status == 303 else ""
        assert f'name="email" type="email" value="{kept}"' in anna.get("/admin/account").text
    log = anna.get("/admin/audit").text
    assert "an e-mail address for alerts" in log
    assert "anna@acme.example" not in log
