"""The place that the settings name."""

import importlib
from typing import Final, cast

from threadly.integrations.storage.folder import Folder
from threadly.marketplace.media import Store
from threadly.settings import MediaSettings

_BUCKET: Final = "threadly.integrations.storage.bucket"  # by name: it brings 8 MB along, which few need


def chosen(settings: MediaSettings) -> Store:
    """A folder or a bucket. Nothing is connected to, and nothing made, before its first use."""
    if settings.folder is not None:
        return Folder(settings.folder)
    return cast("Store", importlib.import_module(_BUCKET).Bucket(settings))
