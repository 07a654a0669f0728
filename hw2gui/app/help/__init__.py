"""Help in place: what every panel shows, the glossary, and formulas drawn as mathematics."""
