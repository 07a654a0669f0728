"""The names-and-sentences tab and the widgets only it needs."""
