"""The habits of the house, as programs: rules that read the source, and what is generated from it.

    python -m habits             every rule, every generated file: what is wrong, one line each; exit 1 if anything is
    python -m habits contracts   who may import whom
    python -m habits --write     the generated files anew

CONTRIBUTING.md lists the rules. One line is let off by a comment behind it: `# habit: name-of-rule - the reason`.
"""
