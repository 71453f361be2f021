"""Write the sample channel's export anew: `python -m tests.sample`."""

from __future__ import annotations

from letopis.sample import sample_export
from tests.sample.channel import write_sample

if __name__ == "__main__":
    print(write_sample(sample_export().parent))
