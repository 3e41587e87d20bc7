"""`webexhist contract`: what a contract says and Webex does not."""

from webexhist.cli.commands.contract import files, listed, numbered, terms

__all__ = ["files", "listed", "numbered", "terms"]
