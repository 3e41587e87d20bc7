"""Teams and how many people are in them."""

from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.client import LARGEST_PAGE, WebexClient
from webexhist.webex.api.errors import OutOfTime, WebexError
from webexhist.webex.api.items import distinct, number_of
from webexhist.webex.api.progress import Progress
from webexhist.webex.auth.scopes import Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target, Turn
from webexhist.webex.collectors.lists import asked_twice

TEAMS_READ = Scope("spark:teams_read", "the number of teams", "no counts of teams and their memberships")
TEAM_MEMBERSHIPS_READ = Scope(
    "spark:team_memberships_read", "the number of team memberships", "no count of team memberships"
)


def collect_teams(client: WebexClient, target: Target) -> Gathered:
    """The teams monitored and the memberships of all of them; the first are counted even where the second fail."""

    def list_all() -> tuple[str, ...]:
        pages = client.pages_of("/v1/teams", lambda: target.expected(Metric.TEAMS), max=LARGEST_PAGE)
        return tuple(distinct(pages, lambda team: None))

    teams = target.teams or asked_twice(client, target, [Metric.TEAMS], list_all)

    def too_many() -> OutOfTime:
        """Once that may be a slow quarter of an hour; what goes first and shows it again does not fit."""
        error = client.out_of_time if target.turn is Turn.LATER else client.too_long
        return error("the memberships of all teams take longer than there is time")

    progress = Progress(client, len(teams), too_many)

    def members(team: str) -> int:
        number = number_of(client.pages("/v1/team/memberships", teamId=team, max=LARGEST_PAGE))
        progress.note_answer()
        return number

    memberships, failure = None, None
    try:
        client.require_time_for(len(teams), "the memberships of all teams")
        memberships = sum(client.side_by_side(members, teams))
    except WebexError as error:
        failure = error
    counts = (Count(Metric.TEAMS, len(teams)), Count(Metric.TEAM_MEMBERSHIPS, memberships))
    return Gathered(counts, failure=failure)


TEAMS = Collector(
    name="teams",
    permission=Permission((TEAMS_READ, TEAM_MEMBERSHIPS_READ)),
    collect=collect_teams,
    counts=(Metric.TEAMS, Metric.TEAM_MEMBERSHIPS),
    place=30,
)
COLLECTORS = (TEAMS,)
