"""Speaks to Webex; knows no database."""
