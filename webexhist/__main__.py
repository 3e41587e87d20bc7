"""`python -m webexhist`."""

from webexhist.cli.start import start

if __name__ == "__main__":
    start()
