"""The command line, from an installed package: python -m worksheets --help."""

from worksheets.cli import main

if __name__ == "__main__":
    main()
