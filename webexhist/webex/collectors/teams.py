"""Teams and how many people are in them."""

from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.client import WebexClient, distinct
from webexhist.webex.api.errors import WebexError
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.inventory import LARGEST_PAGE


def collect_teams(client: WebexClient, target: Target) -> Gathered:
    """The teams monitored and the memberships of all of them; the first are told even where the second fail."""
    teams = target.teams or tuple(distinct(client.pages("/v1/teams", max=LARGEST_PAGE)))

    def members(team: str) -> int:
        return len(distinct(client.pages("/v1/team/memberships", teamId=team, max=LARGEST_PAGE)))

    memberships, failure = None, None
    try:
        memberships = sum(client.side_by_side(members, teams))
    except WebexError as error:
        failure = error
    counts = (Count(Metric.TEAMS, len(teams)), Count(Metric.TEAM_MEMBERSHIPS, memberships))
    return Gathered(counts, failure=failure)


TEAMS = Collector("teams", collect_teams, counts=(Metric.TEAMS, Metric.TEAM_MEMBERSHIPS))
