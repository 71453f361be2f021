"""Run `python -m ingest.apart`, which the bot does for each file that it is sent."""

from ingest.apart.process import main

main()
