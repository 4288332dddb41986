"""Writes src/filters/text/entities.txt: the named character references of HTML 5, from Python's own table.

Run from the crate's folder with the oracle's Python.
"""

from html.entities import html5

with open("src/filters/text/entities.txt", "w", encoding="ascii", newline="\n") as table:
    for name, text in sorted(html5.items()):
        print(name, " ".join(f"{ord(c):x}" for c in text), file=table)
