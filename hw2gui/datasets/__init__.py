"""Data: the registry, verified download, Kuzushiji-MNIST, the built-in characters, and the user's own pictures."""
