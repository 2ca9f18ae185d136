"""What comes with the code: `./dev scan` looks at our own lines, at what we depend on, and at what must not be there.

    ./dev scan                      every check, one line each; exit 1 if one has found something or is itself broken
    ./dev scan code leaks           these alone
    ./dev scan --snapshot FILE      what advisories said last, where they can not be asked now

    code         bandit over all that runs                                   scan/code.py
    advisories   pip-audit and npm audit over all that is pinned             scan/advisories.py
    leaks        secrets in the files and in git's history                   scan/leaks.py
    licences     what we pass on may be passed on                            scan/licences.py
    sbom         a CycloneDX bill of materials, held against its schema      scan/sbom.py
    updates      the file that a bot updates us by, against its schema       scan/updates.py

A check that could not look says “not asked”, and never “ok”: no network is no fault of the code, and no proof either.
What is let off stands with its reason in the line itself or in scan/excused.toml; an excuse without use is told too.
"""
