"""Data: the registry, verified download, characters and pairs of texts, published, built in, made on the fly, and the user's own."""
