"""When seats run out, how sure that is, and how many would suffice: a probability, not a line."""

from webexhist.review.forecast.outlook import Outlook, outlook
from webexhist.review.forecast.values import DailyPeak, NoOutlook

__all__ = ["DailyPeak", "NoOutlook", "Outlook", "outlook"]
