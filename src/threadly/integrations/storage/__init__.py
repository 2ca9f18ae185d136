"""Places for files: a folder of this machine. Each keeps the promises of `marketplace.media.Store`."""

from threadly.integrations.storage.folder import Folder

__all__ = ["Folder"]
