"""Places for files: a folder of this machine, or a bucket. Each keeps the promises of `marketplace.media.Store`."""

from threadly.integrations.storage.choice import chosen
from threadly.integrations.storage.folder import Folder

__all__ = ["Folder", "chosen"]
