"""The report's claims as evidence: its items and errata beside what is measured here, the runs that takes, and the documents of it."""
