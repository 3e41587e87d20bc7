"""The figures of a monthly review, worked out from the store's views; no HTML."""
