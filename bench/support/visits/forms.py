"""Reads the forms and links of a page, those included that no person sees, as a program does that presses all."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Form:
    """*fields* as a browser would send them, *texts* the names of what can be typed into, *buttons* what is
    added by each button."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self.feed(html)

    @property
    def survey(self) -> Form:
        """The form a person sees."""
        return next(form for form in self.forms if form.method == "post")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.address, given["href"]))
        if tag == "form":
            action = urljoin(self.address, given.get("action", ""))
            self._form = Form(action, given.get("method", "get").lower())
            self.forms.append(self._form)
        if self._form is not None:
            self._inside(self._form, tag, given)

    def _inside(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "button":
            form.buttons.append({name: given.get("value", "")} if name else {})
        elif tag == "textarea" and name:
            form.texts.append(name)
        elif tag == "input" and name:
            if kind == "radio":
                if "checked" in given or name not in form.fields:
                    form.fields[name] = given.get("value", "on")
            else:
                form.fields[name] = given.get("value", "")
                if kind == "text":
                    form.texts.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
