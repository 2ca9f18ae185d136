"""`python -m threadly` is `threadly`."""

from threadly.cli import main

if __name__ == "__main__":
    main()
