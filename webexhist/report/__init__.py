"""The pages of a monthly review: figures in, self-contained HTML files and a CSV file out."""
