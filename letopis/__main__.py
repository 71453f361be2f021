"""Run `python -m letopis`."""

from letopis.cli import main

if __name__ == "__main__":
    main()
