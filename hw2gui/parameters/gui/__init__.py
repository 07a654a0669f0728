"""The parameters tab."""
