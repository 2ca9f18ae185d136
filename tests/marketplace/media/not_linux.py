"""The decoder's program, as on a system that has nothing of what only Linux has."""

import json
import platform
import sys

from threadly.marketplace.media import decoder

if __name__ == "__main__":
    setattr(sys, "platform", "darwin")  # noqa: B010 - which type checkers take for a constant
    platform.system = lambda: "Darwin"
    sys.exit(decoder.main(json.loads(sys.argv[1])))
