"""History and trend reports for Cisco Webex licensing."""

__version__ = "0.1.0"
