"""The training room: settings, live curves, races and the table of runs, for every subject that trains. It knows no subject."""
