"""Measure the recognition of code languages and of unmarked code, on labelled samples.

python -m benchmarks.bench_code
"""

from __future__ import annotations

import time
from collections import Counter

from ingest.code_detection import find_code
from ingest.languages import guess_language
from tests.ingest.code_samples import find_lines, labelled_posts, labelled_snippets


def main() -> None:
    """Print accuracy and cost of both, by language."""
    snippets = labelled_snippets()
    right = Counter(
        each.language for each in snippets if guess_language(each.code) == each.language
    )
    total = Counter(each.language for each in snippets)
    print(f"languages: {sum(right.values())} of {len(snippets)} right")
    for language, count in total.most_common():
        print(f"  {language or 'no code':12} {right[language]:3} of {count}")
    posts = labelled_posts()
    found = find_lines(posts)
    print(f"bare code: precision {found.precision:.3f}, recall {found.recall:.3f}")
    print(f"  {found.right} lines right, {found.wrong} wrong, {found.missed} missed")
    began = time.process_time()
    for _ in range(20):
        for post in posts:
            list(find_code(post.text))
    print(f"  {(time.process_time() - began) / 20 / len(posts) * 1e6:.0f} µs a post")


if __name__ == "__main__":
    main()
