"""The vision tab and the widgets only it needs."""
