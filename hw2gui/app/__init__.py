"""The program around the subjects: window, tabs, theme, autosave, worker, tour and doctor."""
