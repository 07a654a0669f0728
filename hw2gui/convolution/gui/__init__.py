"""The convolution tab and the widgets only it needs."""
