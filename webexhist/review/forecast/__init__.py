"""When seats run out, how sure that is, and how many would suffice: a probability, not a line."""

from webexhist.review.forecast.days import MOST_DAYS, peaks_until
from webexhist.review.forecast.fan import Rib, fan_of, last_year_of
from webexhist.review.forecast.outlook import Outlook, outlook
from webexhist.review.forecast.record import Record
from webexhist.review.forecast.values import DailyPeak, NoOutlook

__all__ = [
    "MOST_DAYS",
    "DailyPeak",
    "NoOutlook",
    "Outlook",
    "Record",
    "Rib",
    "fan_of",
    "last_year_of",
    "outlook",
    "peaks_until",
]
