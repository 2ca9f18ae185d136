"""What we pass on may be passed on: the licence of each package of requirements/site.txt, and of what the assets hold.

Read from the metadata of what is installed here, and held against the list in scan/excused.toml. Whatever has no
licence that is understood, or one that is not on the list, is told. Metadata speak of a package's source; what its
wheel has bundled, the texts beside it tell, so those are searched for the GPL and its kin. Where either says too little
or too much, scan/excused.toml says what holds, and why.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution, metadata
from pathlib import Path
from typing import Any, Final

from license_expression import ExpressionError, LicenseWithExceptionSymbol, get_spdx_licensing

from scan.excused import Excuse
from scan.pins import pinned
from scan.verdict import Outcome, Verdict

VENDORED: Final = ("@fontsource-variable/onest", "@fontsource/spectral", "daisyui", "htmx.org", "tailwindcss")
"""What is in src/threadly/web/static, whole or in part; tests/scan/test_sbom.py compares it with assets/build.mjs."""

_CLASSIFIERS: Final[Mapping[str, str]] = {
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""Those that name one licence. “BSD License” names several, so it is not here."""

_FREELY: Final[Mapping[str, str]] = {
    "MIT License": "MIT",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD-0-Clause": "0BSD",
}
_TEXTS: Final = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_COPYLEFT: Final = re.compile(r"\bA?L?GPL|General Public Licen[cs]e", re.IGNORECASE)
_SPDX: Final = get_spdx_licensing()


def check(root: Path, excuses: Sequence[Excuse], allowed: frozenset[str]) -> Verdict:
    """Whether each package that we pass on has a licence that lets us."""
    found = dict(of_all(root, excuses))
    read_by_us = {excuse.what for excuse in excuses}
    told = []
    for package, licence in sorted(found.items()):
        if licence is None:
            told.append(f"{package}: no licence that is understood")
        elif package not in read_by_us:
            if not _is_allowed(licence, allowed):
                told.append(f"{package}: {licence} is not on the list")
            elif line := copyleft_within(package):
                told.append(f"{package}: {licence}, but a text in it says: {line}")
    told += [f"excused.toml: {excuse.what} is no package of ours" for excuse in excuses if excuse.what not in found]
    if told:
        remedy = "read its licence; then name it in scan/excused.toml with the reason, or do without the package"
        return Verdict("licences", Outcome.FOUND, f"{len(told)} to look at", told, remedy)
    return Verdict("licences", Outcome.OK, f"{len(found)} packages, each may be passed on")


def of_all(root: Path, excuses: Sequence[Excuse]) -> Iterator[tuple[str, str | None]]:
    """Each package that we pass on, with its licence as an SPDX expression, or None."""
    said = {excuse.what: excuse.licence for excuse in excuses}
    for name, version in pinned(root / "requirements/site.txt").items():
        yield name, said.get(name) or of_installed(name, version)
    lock = root / "package-lock.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"] if lock.exists() else {}
    for name in VENDORED if packages else ():
        given = str(packages[f"node_modules/{name}"].get("license", ""))
        yield name, said.get(name) or _understood(_FREELY.get(given, given))


def of_installed(name: str, version: str) -> str | None:
    """The licence of a package as its metadata tell it; None, if they do not, or of another version."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return None
    return of_metadata(about) if about["Version"] == version else None


def of_metadata(about: PackageMetadata) -> str | None:
    """An SPDX expression: as such, in the old field, or by a classifier that names one licence."""
    given = next((about[field] for field in ("License-Expression", "License") if field in about), "")
    first = re.split(r"\n|  ", given.strip())[0].strip()
    if understood := _understood(_FREELY.get(first, first)):
        return understood
    classified = {
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License ::")
    }
    named = sorted(_CLASSIFIERS.get(one, "") for one in classified - {"OSI Approved"})
    return " OR ".join(named) if named and all(named) else None


def copyleft_within(name: str) -> str:
    """A line of a package's licences and notices that speaks of the GPL or its kin; "" if there is none."""
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return ""
    for file in files:
        if _TEXTS.search(file.name) and not file.name.endswith((".py", ".pyc")) and Path(str(file.locate())).is_file():
            for line in Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").splitlines():
                if _COPYLEFT.search(line):
                    return f"{line.strip()[:90]} ({file.name})"
    return ""


def _understood(text: str) -> str | None:
    try:
        parsed = _SPDX.parse(text, validate=True, strict=True) if text else None
    except ExpressionError:
        return None
    return None if parsed is None else str(parsed)


def _is_allowed(licence: str, allowed: frozenset[str]) -> bool:
    """Of what is joined by OR one is enough; of what is joined by AND each is needed."""

    def holds(part: Any) -> bool:  # noqa: ANN401 - the library is not typed
        if isinstance(part, _SPDX.OR):
            return any(holds(one) for one in part.args)
        if isinstance(part, _SPDX.AND):
            return all(holds(one) for one in part.args)
        return not isinstance(part, LicenseWithExceptionSymbol) and part.key in allowed

    return holds(_SPDX.parse(licence))
