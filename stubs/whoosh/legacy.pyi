toc_loaders: dict[int, object]
