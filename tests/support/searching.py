"""How long a search is, and which examples it tries.

A change lands or does not by what it is, not by the examples that chance brings on its day: the profiles `quick` and
`long` try the same ones at every run. `new` tries as many as `long`, others each time.
"""

import hypothesis

QUICK, LONG, NEW = "quick", "long", "new"

# None has to be fast: machines are busy. And examples may share what a test was given, such as a server. This is said
# here for all: a search that says it by itself forgets the one or the other.
hypothesis.settings.register_profile(
    QUICK,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
    derandomize=True,
)
hypothesis.settings.register_profile(LONG, hypothesis.settings.get_profile(QUICK), print_blob=True)
hypothesis.settings.register_profile(NEW, hypothesis.settings.get_profile(LONG), derandomize=False)


def examples(quick: int, long: int) -> int:
    """How many examples a search tries: few in the quick suite, many where the slow tests run too."""
    return quick if hypothesis.settings.default == hypothesis.settings.get_profile(QUICK) else long
