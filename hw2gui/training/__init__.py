"""Training, whatever is trained: settings, the one loop, its events, and the folder a run lives in.

Knows no subject and no Qt. What the window reads (`config`, `schedule`, `events`, `controls`, `run_folder`, `metrics`, `weights`, `runs`,
`race`) needs no torch; `task`, `loop` and what they use run in the training process.
"""
