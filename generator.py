"""The command line, from a checkout: python generator.py --help."""

from worksheets.cli import main

if __name__ == "__main__":
    main()
