"""Parameter counts with the formula behind each number: layers, stacks, presets, growth, tables. Only ``verify`` needs torch."""
