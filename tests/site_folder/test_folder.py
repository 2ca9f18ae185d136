"""Nothing leads out of a site's folder, and nothing in it is larger than it may be."""

from pathlib import Path

import pytest

from threadly.site_folder import Folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside.md").write_text("# Secret\n")
    root = tmp_path / "site"
    root.mkdir()
    (root / "inside.md").write_text("# Open\n")
    return root


def test_a_file_is_read(root: Path) -> None:
    mistakes: list[str] = []

    assert Folder(root, mistakes).read_text("inside.md", most=100) == "# Open\n"
    assert Folder(root, mistakes).read_text("nothing.md", most=100) is None
    assert mistakes == []


@pytest.mark.parametrize("name", ["link.md", "../outside.md", "folder/outside.md"])
def test_what_leads_out_is_refused(root: Path, name: str) -> None:
    (root / "link.md").symlink_to("../outside.md")
    (root / "folder").symlink_to("..")
    mistakes: list[str] = []

    assert Folder(root, mistakes).read_text(name, most=100) is None
    assert mistakes == [f"{name}: leads out of the folder."]


def test_a_link_within_the_folder_is_followed(root: Path) -> None:
    (root / "link.md").symlink_to("inside.md")

    assert Folder(root, []).read_text("link.md", most=100) == "# Open\n"


def test_a_folder_that_leads_out_is_empty(root: Path) -> None:
    (root / "pages").symlink_to("..")
    mistakes: list[str] = []

    assert Folder(root, mistakes).names("pages") == []
    assert mistakes == ["pages: leads out of the folder."]


def test_a_link_to_itself_is_neither_a_file_nor_a_folder(root: Path) -> None:
    for name in ("favicon.svg", "pages"):
        (root / name).symlink_to(name)
    mistakes: list[str] = []
    folder = Folder(root, mistakes)

    assert (folder.read_bytes("favicon.svg", most=100), folder.names("pages")) == (None, [])
    assert (folder.read_bytes("pages/terms.md", most=100), folder.names("translations")) == (None, [])
    assert mistakes == ["favicon.svg: is no file.", "pages: is no folder."]


def test_a_size_is_kept(root: Path) -> None:
    (root / "large.md").write_bytes(b"x" * 1025)
    (root / "just.md").write_bytes(b"x" * 1024)
    mistakes: list[str] = []
    folder = Folder(root, mistakes)

    assert folder.read_bytes("just.md", most=1024) is not None
    assert folder.read_bytes("large.md", most=1024) is None
    assert mistakes == ["large.md: is larger than 1 KiB."]


def test_what_is_no_text_or_no_file_is_told(root: Path) -> None:
    (root / "latin.md").write_bytes("Größe".encode("latin-1"))
    (root / "pages").mkdir()
    mistakes: list[str] = []
    folder = Folder(root, mistakes)

    assert (folder.read_text("latin.md", most=100), folder.read_text("pages", most=100)) == (None, None)
    assert mistakes == ["latin.md: is not encoded as UTF-8.", "pages: is no file."]


def test_hidden_files_and_a_readme_are_not_ours(root: Path) -> None:
    for name in (".git", "README.md", "LICENSE"):
        (root / name).write_text("x")

    assert Folder(root, []).names() == ["inside.md"]
