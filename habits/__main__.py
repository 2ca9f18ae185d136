"""`python -m habits`; the package says what it does."""

import sys

from habits import contracts, house
from habits.rules.names import MANY_LINES
from habits.tree import sources


def main(arguments: list[str]) -> int:
    """The exit code."""
    match arguments:
        case ["contracts"]:
            return contracts.check()
        case ["--write"]:
            for path in house.write():
                print(f"wrote {path}")
            return 0
        case []:
            return _report()
        case _:
            print("usage: python -m habits [contracts | --write]", file=sys.stderr)
            return 2


def _report() -> int:
    tree = list(sources())
    for source in tree:
        if source.is_under("src/", "habits/") and source.path.endswith(".py") and len(source.lines) > MANY_LINES:
            print(f"note: {source.path} has {len(source.lines)} lines")
    wrong = house.findings(tree)
    for finding in wrong:
        print(finding)
    print(f"{len(wrong)} broken" if wrong else f"{len(house.names())} rules hold in {len(tree)} files")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
