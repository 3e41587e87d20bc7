"""One module a page: figures in, HTML out."""
