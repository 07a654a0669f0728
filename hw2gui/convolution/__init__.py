"""Convolution as a matrix, and attention over the same pixels."""
