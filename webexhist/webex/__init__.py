"""Speaks to Webex: tokens, requests, paging and a collector for each family of counts; knows no database."""
