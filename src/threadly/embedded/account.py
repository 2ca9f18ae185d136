"""Who the servers run as: whoever started us, or an unprivileged account when that is root.

PostgreSQL refuses to run as root, rightly. Started by root, servers run as the owner of the data that is already there,
or as `nobody`. No account is created and no folder outside our own changes its owner or mode. That account often cannot
enter the folder where the data lies (`/root/shop`, a checkout of somebody's). So a server is put inside its own folder
by root (`cwd`) before it gives its privileges up, and knows that folder by the name `/proc/self/cwd` only.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from threadly.embedded.errors import NoUnprivilegedAccount

_INSIDE = Path("/proc/self/cwd")


@dataclass(frozen=True)
class Account:
    """The account servers run as; `borrowed` when it is not the one we run as ourselves."""

    uid: int
    gid: int
    borrowed: bool

    @classmethod
    def for_data(cls, folder: Path) -> "Account":
        """Ourselves, or for root the owner of `folder` when it exists, or else `nobody`.

        Raises:
            NoUnprivilegedAccount: We are root, and there is no `nobody`.
        """
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), borrowed=False)
        if folder.exists() and (owned := folder.stat()).st_uid != 0:
            return cls(owned.st_uid, owned.st_gid, borrowed=True)
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise NoUnprivilegedAccount from None
        return cls(nobody.pw_uid, nobody.pw_gid, borrowed=True)

    def name_for(self, folder: Path) -> str:
        """What a server that stands in `folder` calls it."""
        return str(_INSIDE) if self.borrowed and _INSIDE.exists() else str(folder)

    def make_folder(self, folder: Path) -> None:
        """Creates `folder` for this account alone (mode 0700)."""
        folder.mkdir(mode=0o700)
        self.give(folder)

    def give(self, path: Path) -> None:
        """Makes `path`, which we have just created, this account's own."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_reach(self, program: Path) -> bool:
        """Whether this account may enter every folder on the way to `program`, and run it."""
        return not self.borrowed or all(self._may_pass(place) for place in (program, *program.parents))

    def _may_pass(self, place: Path) -> bool:
        found = place.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)
