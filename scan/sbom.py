"""The bill of materials, in CycloneDX 1.6: every package of requirements/site.txt and every file of the assets.

The same sources give the same bytes: it has no time, its serial number follows from what it lists, and whatever depends
on the machine is left out. Held against CycloneDX's own schema before it is written to .threadly-scan/sbom.cdx.json.
"""

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from scan.excused import Excuse
from scan.licences import VENDORED, of_all
from scan.pins import pinned
from scan.verdict import FOLDER, Outcome, Verdict

FILE: Final = FOLDER / "sbom.cdx.json"
STATIC: Final = "src/threadly/web/static"

_LICENCES: Final = LicenseFactory()


def check(root: Path, excuses: Sequence[Excuse], file: Path = FILE) -> Verdict:
    """Makes it, holds it against its schema, and writes it."""
    text = made(root, excuses)
    if wrong := errors(text):
        return Verdict("sbom", Outcome.FOUND, "it is not as its schema wants it", wrong, "mend scan/sbom.py")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    place = file.relative_to(root) if file.is_relative_to(root) else file
    return Verdict(
        "sbom", Outcome.OK, f"{len(json.loads(text)['components'])} components, as their schema wants it: {place}"
    )


def errors(text: str) -> list[str]:
    """What the schema of CycloneDX 1.6 has against it."""
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text, all_errors=True)
    return [str(one.data)[:200] for one in found or ()]


def made(root: Path, excuses: Sequence[Excuse]) -> str:
    """The whole, as JSON."""
    licences = dict(of_all(root, excuses))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = Component(
        type=ComponentType.APPLICATION,
        name=project["name"],
        version=project["version"],
        bom_ref=project["name"],
        licenses=[_LICENCES.make_from_string(project["license"])],
        purl=PackageURL("pypi", None, project["name"], project["version"]),
    )
    packages = {one.name: one for one in _python(root, licences)}
    assets, files = list(_assets(root, licences)), list(_files(root))
    bom = Bom(components=[*packages.values(), *assets, *files])
    bom.metadata.component = ours
    bom.metadata.timestamp = None  # type: ignore[assignment]  # optional in the schema; the library gives today's
    wanted = _wanted(root)
    bom.register_dependency(ours, [*(packages[name] for name in wanted.get("threadly", ())), *assets, *files])
    for name, component in packages.items():
        bom.register_dependency(component, [packages[one] for one in wanted.get(name, ())])
    listed = "\n".join(
        sorted(f"{one.purl or one.name} {[str(each.content) for each in one.hashes]}" for one in bom.components)
    )
    bom.serial_number = uuid5(NAMESPACE_URL, f"{ours.purl}\n{listed}")
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _python(root: Path, licences: Mapping[str, str | None]) -> Iterator[Component]:
    for name, version in pinned(root / "requirements/site.txt").items():
        purl = PackageURL("pypi", None, name, version)
        yield _component(name, version, purl, licences.get(name))


def _assets(root: Path, licences: Mapping[str, str | None]) -> Iterator[Component]:
    """What npm brought, with the digest of what it came in; what is in the files of it, `_files` has."""
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for place in VENDORED:
        one = packages[f"node_modules/{place}"]
        group, _, name = place.rpartition("/")
        purl = PackageURL("npm", group or None, name, one["version"])
        digest = base64.b64decode(one["integrity"].removeprefix("sha512-"), validate=True)
        came_in = HashType(alg=HashAlgorithm.SHA_512, content=digest.hex())
        yield _component(name, one["version"], purl, licences.get(place), [came_in], group=group or None)


def _files(root: Path) -> Iterator[Component]:
    """Each file that browsers get, icons and fonts among them, by its digest."""
    for path in sorted((root / STATIC).iterdir()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield Component(
            type=ComponentType.FILE,
            name=f"{STATIC}/{path.name}",
            bom_ref=f"file:{path.name}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        )


def _component(
    name: str,
    version: str,
    purl: PackageURL,
    licence: str | None,
    hashes: Sequence[HashType] = (),
    *,
    group: str | None = None,
) -> Component:
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        group=group,
        version=version,
        bom_ref=str(purl),
        purl=purl,
        licenses=[_LICENCES.make_from_string(licence)] if licence else (),
        hashes=hashes,
    )


def _wanted(root: Path) -> Mapping[str, Sequence[str]]:
    """What each package wants, from the comments that uv writes behind each pin (`# via`): the other way round."""
    wanted: dict[str, list[str]] = {}
    name = ""
    for line in (root / "requirements/site.txt").read_text(encoding="utf-8").splitlines():
        if pin := re.match(r"([\w.-]+)==", line):
            name = pin[1]
        elif via := re.match(
            r"    #   (?:via )?\s*([\w.-]+)(?: \(pyproject\.toml\))?$|    # via ([\w.-]+)(?: \(.*\))?$", line
        ):
            wanted.setdefault(via[1] or via[2], []).append(name)
    wanted.pop("via", None)
    return wanted
