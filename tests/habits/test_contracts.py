"""The import contracts hold, are complete, and fire on what they are against."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from habits import contracts
from habits.tree import ROOT

LINTER = [
    sys.executable,
    "-c",
    "from importlinter.cli import lint_imports_command as run; run()",
    "--no-cache",
    "--no-logo",
]


def lint(folder: Path, configuration: Path) -> tuple[int, str]:
    """The linter's exit code and report on the packages in a folder."""
    found = subprocess.run(
        [*LINTER, "--config", str(configuration)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    return found.returncode, found.stdout + found.stderr


def plant(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        for folder in path.relative_to(root).parents:
            if folder != Path() and not (root / folder / "__init__.py").exists():
                (root / folder / "__init__.py").write_text("")


SHOP = {
    "shop/marketplace/hats/__init__.py": "from shop.marketplace.hats.models import Hat",
    "shop/marketplace/hats/errors.py": "",
    "shop/marketplace/hats/models.py": "class Hat: ...",
    "shop/marketplace/hats/service.py": "from shop.marketplace.hats import models, errors",
    "shop/marketplace/shoes/__init__.py": "",
    "shop/marketplace/shoes/queries.py": "from shop.marketplace.hats import Hat",
    "shop/tables.py": "from shop.marketplace.hats import models",
    "shop/web.py": "from shop.marketplace.hats import Hat",
}


@pytest.mark.parametrize(
    ("case", "planted", "broken"),
    [
        ("all kept", {}, None),
        (
            "a face enters by the back",
            {"shop/web.py": "from shop.marketplace.hats.models import Hat"},
            "Others enter hats",
        ),
        (
            "a slice enters by the back",
            {"shop/marketplace/shoes/queries.py": "import shop.marketplace.hats.service"},
            "Others enter hats",
        ),
        (
            "a deeper module is entered",
            {"shop/marketplace/hats/drawings/brim.py": "", "shop/web.py": "import shop.marketplace.hats.drawings.brim"},
            "Others enter hats",
        ),
        (
            "a slice is upside down",
            {"shop/marketplace/hats/errors.py": "import shop.marketplace.hats.service"},
            "Inside hats",
        ),
        ("a new kind of module", {"shop/marketplace/hats/misc.py": ""}, "Inside hats"),
    ],
)
def test_a_generated_contract_fires_on_what_it_is_against(
    tmp_path: Path, case: str, planted: dict[str, str], broken: str | None
) -> None:
    plant(tmp_path, SHOP | planted)
    configuration = tmp_path / "contracts.toml"
    configuration.write_text(contracts.write(["hats", "shoes"], package="shop"))
    code, report = lint(tmp_path, configuration)
    verdicts = [line for line in report.splitlines() if line.endswith(" BROKEN")]
    if broken is None:
        assert (code, verdicts) == (0, []), report
    else:
        assert code == 1, report
        assert any(line.startswith(broken) for line in verdicts), report


def test_every_slice_has_its_contracts() -> None:
    written = (ROOT / contracts.FILE).read_text(encoding="utf-8")
    for name in contracts.slices():
        assert f'"front-door-of-{name}"' in written
        assert f'"inside-{name}"' in written
    assert set(contracts.OWN_ORDER) <= set(contracts.slices())


def test_the_contracts_of_the_house_fire_on_what_they_are_against(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "src/threadly", tmp_path / "threadly", ignore=shutil.ignore_patterns("static", "__pycache__")
    )
    plant(
        tmp_path,
        {
            "threadly/core/planted_upwards.py": "import threadly.marketplace.catalog",
            "threadly/core/asgi/planted.py": "import threadly.core.database",
            "threadly/core/cache/__init__.py": "import threadly.core.database",
            "threadly/core/gossip/__init__.py": "",
            "threadly/marketplace/catalog/planted.py": "import threadly.marketplace.listings\nimport litestar",
            "threadly/marketplace/gossip/__init__.py": "",
            "threadly/gossip/__init__.py": "",
            "threadly/web/planted.py": "import threadly.api",
        },
    )
    code, report = lint(tmp_path, ROOT / "pyproject.toml")
    said = " ".join(report.split())
    assert code == 1
    for sentence in [
        "threadly.core is not allowed to import threadly.marketplace",
        "threadly.web is not allowed to import threadly.api",
        "threadly.core.asgi is not allowed to import threadly.core.database",
        "threadly.core.cache is not allowed to import threadly.core.database",
        "threadly.marketplace.catalog is not allowed to import threadly.marketplace.listings",
        "threadly.marketplace is not allowed to import litestar",
        "- threadly.gossip",
        "- threadly.core.gossip",
        "- threadly.marketplace.gossip",
    ]:
        assert sentence in said, sentence
