"""Requests to Webex: transport, client, paging, retry, deadline, workers; knows no count."""
