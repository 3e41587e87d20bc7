"""History and trend reports for Cisco Webex licensing."""

import logging

__version__ = "0.1.0"

logging.getLogger(__name__).addHandler(logging.NullHandler())  # nothing is logged but where a log is asked for
