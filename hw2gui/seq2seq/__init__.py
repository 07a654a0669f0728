"""Characters to characters: the homework's encoder and decoder, attention, every way of searching for an output, and how to measure one."""
