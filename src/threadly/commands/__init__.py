"""The commands of `threadly`, one a module; `threadly.cli` loads each when it is typed."""
