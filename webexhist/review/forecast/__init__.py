"""When seats run out, how sure that is, and how many would suffice: a probability, not a line."""

from webexhist.review.forecast.days import peaks_until
from webexhist.review.forecast.fan import Rib, fan_of, last_year_of
from webexhist.review.forecast.outlook import EIGHT_OF_TEN, Outlook, outlook
from webexhist.review.forecast.record import Record
from webexhist.review.forecast.values import DailyPeak, NoOutlook

__all__ = [
    "EIGHT_OF_TEN",
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
