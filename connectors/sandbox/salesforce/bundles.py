"""What the files of a Lightning web component mean for an org: they are looked at as far as that goes without
running them."""

import re
from collections.abc import Iterator

from lxml import etree

from connectors.sandbox.salesforce import wsdl
from connectors.sandbox.salesforce.custom import Bundle
from connectors.sandbox.salesforce.scripts import unbalanced
from connectors.sandbox.salesforce.work import N, Work

IMPORT = re.compile(r"""(?m)^import\s[^;]*?["']([^"']+)["'];?""")
TAG = re.compile(r"<[A-Za-z][^>]*>")
VALUE = re.compile(r"=\{([\w.]+)\}")
BARE = re.compile(r'"[^"]*"|\s([\w:-]+)(?=[\s/>])')
MODULES = ("lwc", "lightning/", "@salesforce/")
PAGES = ("lightning__RecordPage", "lightning__AppPage", "lightning__HomePage")
KIND = "LightningComponentBundle"


def apply_bundle(work: Work, name: str, files: dict[str, bytes]) -> None:
    """The bundle *name* with its *files* by file name."""
    path = f"lwc/{name}"
    if not work.listed(KIND, name, path):
        return
    problems = list(_problems(work, name, files))
    for file, problem in problems:
        work.fail(KIND, name, f"{path}/{file}", problem)
    if problems:
        return
    meta = etree.fromstring(files[f"{name}.js-meta.xml"])
    created = name not in work.org.custom.bundles
    work.org.custom.bundles[name] = Bundle(
        meta.findtext(f"{N}description") or "",
        files,
        frozenset(_named(files, "@salesforce/label/c.")),
        frozenset(_named(files, "@salesforce/schema/")),
    )
    work.done(KIND, name, path, created=created)


def _problems(work: Work, name: str, files: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    for needed in (f"{name}.js-meta.xml", f"{name}.js"):
        if needed not in files:
            yield needed, f"No {needed} found in the bundle"
    for file, content in files.items():
        if "/" in file:
            yield file, f"Unexpected folder in the bundle: {file}"
        elif file.endswith(".js"):
            yield from ((file, problem) for problem in _script(work, files, content.decode()))
        elif file.endswith(".html"):
            yield from ((file, problem) for problem in _template(content.decode()))
        elif file.endswith(".js-meta.xml"):
            yield from ((file, problem) for problem in _meta(work, content))
        elif not file.endswith((".css", ".svg")):
            yield file, f"Unexpected file in the bundle: {file}"


def _script(work: Work, files: dict[str, bytes], text: str) -> Iterator[str]:
    problem = unbalanced(text)
    if problem:
        yield f"LWC1503: Parsing error: {problem}"
    for module in IMPORT.findall(text):
        if module.startswith("./"):
            if module.removeprefix("./").removesuffix(".js") + ".js" not in files:
                yield f"No MODULE named markup://c:{module} found"
        elif module.startswith("@salesforce/label/c."):
            if module.rpartition(".")[2] not in work.org.custom.labels:
                yield f"Invalid reference {module} of type label in file"
        elif module.startswith("@salesforce/schema/"):
            if not _field(work, module.removeprefix("@salesforce/schema/")):
                yield f"Invalid reference {module} of type sobjectField in file"
        elif module.startswith("@salesforce/apex/"):
            yield f"Unable to find Apex action class referenced as '{module}'"
        elif not module.startswith(MODULES):
            yield f"No MODULE named markup://{module} found"


def _field(work: Work, path: str) -> bool:
    name, _, field = path.partition(".")
    kind = work.org.objects.get(name)
    return kind is not None and (not field or field in kind.fields)


def _template(text: str) -> Iterator[str]:
    """One ``template`` around all of it, and well-formed once every value has quotes."""
    try:
        root = etree.fromstring(TAG.sub(lambda tag: _quoted(tag[0]), text))
    except etree.XMLSyntaxError as error:
        yield f"LWC1058: Invalid HTML syntax: {error.msg}"
        return
    if root.tag != "template":
        yield "LWC1077: Missing root template tag"
    yield from (f"LWC1123: {node.tag} is not allowed in a template" for node in root.iter("script"))


def _quoted(tag: str) -> str:
    held = VALUE.sub(lambda found: f'="{found[1]}"', tag)
    named = BARE.sub(lambda found: f' {found[1]}=""' if found[1] else found[0], held)
    return named.replace(":", "-")


def _meta(work: Work, content: bytes) -> Iterator[str]:
    """The schema keeps what stands in ``targetConfigs`` as base64, so it is looked at by itself."""
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError as error:
        yield f"Error parsing file: {error.msg}"
        return
    for configs in root.findall(f"{N}targetConfigs"):
        root.remove(configs)
        for config in configs.iter(f"{N}targetConfig"):
            yield from _config(work, config)
    yield from (problem for _, problem in wsdl.problems(etree.tostring(root), KIND))
    targets = [node.text for node in root.iter(f"{N}target")]
    yield from (f"The target {target} is not valid" for target in targets if target not in PAGES)


def _config(work: Work, config: etree._Element) -> Iterator[str]:
    if config.get("targets") not in PAGES:
        yield f"The target {config.get('targets')} is not valid"
    for node in config.iter(f"{N}object"):
        if node.text not in work.org.objects:
            yield f"The object {node.text} is not valid"
    for node in config.iter(f"{N}property"):
        if node.get("type") not in ("String", "Integer", "Boolean") or not node.get("name"):
            yield f"The property {node.get('name')} is not valid"


def _named(files: dict[str, bytes], start: str) -> Iterator[str]:
    for file, content in files.items():
        if file.endswith(".js"):
            for module in IMPORT.findall(content.decode()):
                if module.startswith(start):
                    yield module.removeprefix(start)
