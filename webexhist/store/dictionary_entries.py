"""What the dictionary holds: a line a column with its kind, its unit and what it says.

A line that is indented goes on with the one before.
"""

COMMON = """
org | text | | the organization's name
snapshot | whole | | the snapshot's number
taken_at | time | | when the poll began
org_id | whole | | the organization's row in `organization`
taken_epoch | whole | seconds | `taken_at` in whole seconds since 1970 began, for tools that want a number
license | text | | the license's name
license_id | text | | the license's id at Webex
subscription | text | | the subscription that it belongs to
site | text | | the Webex site that it is for
metric | text | | what was counted
value | whole | of the metric | how many; a counter's running total; NULL where unknown
as_of | time | | when the value was counted: `taken_at`, or before where it was not asked for and the last one is
    held; NULL where unknown
since | time | | when the value was first seen
until | time | | when the next one was; NULL where it still holds
purchased | whole | units | purchased units; negative: unlimited
assigned | whole | units | units assigned
assigned_to_users | whole | units | units that users hold
assigned_to_workspaces | whole | units | units that workspaces hold
available | whole | units | purchased − assigned, negative where more than purchased are assigned; NULL where
    unlimited
day | day | | the day, of the organization's time zone
min | whole | of the metric | the least value counted; NULL where none was, or it was only held
max | whole | of the metric | the greatest value counted, likewise
mean | fraction | of the metric | the mean over all snapshots in which it was known
month | text | | the month, of the organization's time zone
samples | whole | snapshots | how many snapshots those are
assigned_first | whole | units | the first known units assigned
assigned_last | whole | units | the last known units assigned
assigned_min | whole | units | the least units assigned, as counted; NULL where they were not, or only held
assigned_mean | fraction | units | the mean over all snapshots in which they were known
utilization | fraction | percent | assigned_last in percent of purchased
product | text | | what is judged together, as in `licenses`
name | text | | the name of its newest license
"""
"""Columns that mean the same in several views."""

VIEWS = """
# snapshots: Every snapshot.
org, snapshot, taken_at
source | text | | where it comes from: `poll`
seconds | fraction | seconds | how long the poll took; NULL where it was imported
requests | whole | requests | how many requests it made for this organization; NULL where it was imported
version | text | | the version of webexhist that stored it
org_id, taken_epoch

# licenses: What each license is, now: also those that are not listed any more.
org, license, license_id
code | text | | the type code in that id, like `MS`; empty where there is none
subscription, site
counted | whole | 0 or 1 | 1 where its units are seats that were bought, 0 where they say nothing of purchases; as
    a person said, where one did
listed | whole | 0 or 1 | 1 where the last known list of licenses holds it, else 0
product | text | | what it is judged with: its code (or name), with its subscription where that is judged by itself;
    `trial …` on trial; NULL where it is not counted
lineage | text | | the `license_id` of the first license of the chain that it continues; its own where it continues
    none
price | fraction | currency a unit and month | what one unit costs a month on the day of the last snapshot, as it
    was entered for the license or of one that it continues; NULL where it was not
currency | text | | of the price
org_id

# counts: Every count in every snapshot.
org, snapshot, taken_at, metric, value, org_id, as_of, taken_epoch

# count_deltas: As `counts`, with the change since the value was last known.
org, snapshot, taken_at
previous_at | time | | when the value was last known before this snapshot; NULL if it never was
metric, value
change | whole | of the metric | the value minus the value then; NULL where either is unknown, or the value is held
org_id, as_of, taken_epoch

# count_changes: Each value of each count as it is stored: one row where a value came up, with how long it held. A
    question about changes is answered from here at once, for it reads no value twice.
org, metric, since, until
value | whole | of the metric | the value; NULL while it was unknown
change | whole | of the metric | the value minus the last known one before; NULL where either is unknown
snapshot | whole | | the number of the first snapshot with it
org_id
polls | whole | polls | in how many polls it held, up to now

# license_usage: Every license in every snapshot.
org, snapshot, taken_at, license, license_id, subscription, site, purchased, assigned, assigned_to_users,
assigned_to_workspaces, available
utilization | fraction | percent | assigned in percent of purchased
org_id
as_of | time | | when `assigned` was counted: `taken_at`, or before where it was not asked for and the last one is
    held; NULL where unknown
taken_epoch

# license_deltas: As `license_usage`, with the changes since the license was last known: purchases apart from use.
org, snapshot, taken_at
previous_at | time | | when `assigned` was last known before this snapshot; NULL if it never was
license, license_id
purchased | whole | units | purchased units
purchased_change | whole | units | the purchased units minus the last known ones before; NULL where either is
    unknown, or they are held
assigned
assigned_change | whole | units | the units assigned minus the last known ones before; NULL where either is unknown,
    or they are held
org_id
as_of | time | | when `assigned` was counted: `taken_at`, or before where it was not asked for and the last one is
    held; NULL where unknown
taken_epoch

# license_changes: Each value of each license as it is stored, as `count_changes` has those of counts.
org, license, license_id, subscription, site
field | text | | `purchased`, `assigned`, `assigned_to_users`, `assigned_to_workspaces`; `listed` is 1 while the
    license is in Webex's list, 0 when it is gone
since, until
value | whole | units | the value; NULL while it was unknown
change | whole | units | the value minus the last known one before; NULL where either is unknown
snapshot | whole | | the number of the first snapshot with it
org_id
polls | whole | polls | in how many polls it held, up to now

# daily_counts: Each count's day. A value that was not asked for and is held counts as a sample: in `first`, `last`,
    `mean` and `samples` it stands as what is known. But no least or greatest value rests on it alone: `min` and
    `max` are of the values that were counted in the period. So are those of months, licenses and products.
org, day, metric
first | whole | of the metric | the first known value of the day
last | whole | of the metric | the last known value of the day
min, max, mean
samples | whole | snapshots | how many snapshots those are; 0 where the whole day is unknown, and all figures NULL
org_id

# monthly_counts: Each count's month: the columns of `daily_counts`, with the month in place of the day.
org, month, metric
first | whole | of the metric | the first known value of the month
last | whole | of the metric | the last known value of the month
min, max, mean, samples, org_id

# daily_licenses: Each license's day. A license has a row on every day on which it was listed, or not known to be
    gone.
org, day, license, license_id, subscription, site
purchased | whole | units | the last known purchased units of the day
assigned_first, assigned_last, assigned_min
assigned_max | whole | units | the most units assigned, likewise
assigned_mean, samples, utilization, org_id

# monthly_licenses: Each license's month: the columns of `daily_licenses`, with the month in place of the day.
org, month, license, license_id, subscription, site
purchased | whole | units | the last known purchased units of the month
assigned_first, assigned_last, assigned_min
assigned_max | whole | units | the most known units assigned: the peak
assigned_mean, samples, utilization, org_id

# daily_products: The day of what is judged together: the sums over the counted licenses of a product, each worked
    out at every snapshot and over what was listed then. A sum is known only where all parts are.
org, day, product, name
purchased | whole | units | the last known purchased units of the day; −1 where one license is unlimited
assigned_first, assigned_last, assigned_min
assigned_max | whole | units | the most known units assigned at once
assigned_mean, samples, utilization, org_id

# monthly_products: Each product's month: the columns of `daily_products`, with the month in place of the day.
org, month, product, name
purchased | whole | units | the last known purchased units of the month; −1 where one license is unlimited
assigned_first, assigned_last, assigned_min
assigned_max | whole | units | the most known units assigned at once: the peak
assigned_mean, samples, utilization, org_id

# daily_activity: What counters gained in a day. Where a counter was unknown, what happened meanwhile is in the day
    on which it was known again. A day on which a counter was only held has no row, for the same reason.
org, day, metric
amount | whole | of the metric | how many
source | text | | who counted: `polls`; before the first poll `events` or `analytics`
org_id

# latest_counts: The last known value of each count.
org
snapshot | whole | | the number of the latest snapshot
taken_at | time | | when the latest poll began
metric
value | whole | of the metric | the last known value
as_of | time | | when it was counted
org_id, taken_epoch

# latest_licenses: The last known figures of each license that has not vanished.
org
snapshot | whole | | the number of the latest snapshot
taken_at | time | | when the latest poll began
license, license_id, subscription, site, purchased, assigned, assigned_to_users, assigned_to_workspaces, available
utilization | fraction | percent | assigned in percent of purchased
as_of | time | | when `assigned` was counted
org_id, taken_epoch

# gaps: Where polls are missing: the time between two is more than one and a half times the usual one. Usual is the
    median of the month in which the later was taken, or of the last month before it that has one. What is missing
    since the last poll has no row: nothing shows yet how long it will be.
org
since | time | | the last poll before
until | time | | the first poll after
seconds | whole | seconds | the time between the two
usual_seconds | fraction | seconds | the usual time between two polls
missed | whole | polls | how many polls are missing
org_id

# collection_log: How collectors fared. Polls in a row in which one had the same status and reason are one row.
org
snapshot | whole | | the first snapshot with this status and reason
taken_at | time | | when that poll began
collector | text | | which part of the poll
status | text | | `ok`, `not permitted`, `failed`, `out of time`; `gap`: a part of the past can no longer be
    counted; `not used`: a cheaper way of counting is not open; `notice`: nothing is missing, but a person should
    know
requests | whole | requests | how many requests the collector made in that first poll; NULL where it was imported
seconds | fraction | seconds | how long it took in that first poll; NULL where it was imported
error | text | | the reason where the status is not `ok`
polls | whole | polls | in how many polls in a row they were the same
last_taken_at | time | | when the last of them began
org_id, taken_epoch

# seat_activity: How seats are used, by each sweep of the list of people: a row for each license and group of
    people. Empty unless `seats` is on. Of a license and a sweep the groups add up. `active`, `idle_30`,
    `never_active`, `pending`, `disabled` and `hidden` add up to the people in the list who hold a seat, with
    `external` to the units that users hold. Presence is not billing use. NULL where set aside.
org
taken_at | time | | when the poll began that swept all people: at most once a day
license, license_id, product
seat_group | text | | the group of people: their department, location or title (`seats_by`); `all` where they are not
    grouped; `others`: groups of whom fewer than five people hold such a seat, and `external`
active | whole | seats | whose holder was active within the last 30 days
idle_30 | whole | seats | whose holder was not active for 30 days or longer, also those in `idle_60`, `idle_90`
    and `idle_180`
idle_60 | whole | seats | not for 60 days or longer
idle_90 | whole | seats | not for 90 days or longer
idle_180 | whole | seats | not for 180 days or longer
never_active | whole | seats | whose holder never was active, as Webex says, and came 90 days ago or earlier
pending | whole | seats | whose holder did not accept the invitation yet
disabled | whole | seats | whose holder may not log in
hidden | whole | seats | of whose holder it is not known when he was last active, or who came lately and never was:
    neither active nor idle
external | whole | seats | assigned to users, but to none whom the list of people holds; NULL where unknown
org_id, taken_epoch

# seat_people: How many different people hold licenses that are bought together, by each sweep of the list of people:
    a row for each subscription, and for each product in it that several licenses have. Who holds several is counted
    once; a person who is outside the list may hold several too, so that `external_least` and `external_most` are
    bounds. Licenses that are no seats, and those of devices and workspaces, are left out. NULL where set aside.
org
taken_at | time | | when the poll began that swept all people
subscription
product | text | | what is judged with the licenses; NULL for all of the subscription, as a suite is bought
licenses | whole | licenses | of how many the people are
people | whole | people | in the list of people who hold one of them at least
external_least | whole | people | outside the list at least; NULL where unknown
external_most | whole | people | outside the list at most; NULL where unknown
org_id, taken_epoch

# schema_info: Which version of the views this is.
version | whole | | the version of the views: it rises when any of them changes
revision | text | | the revision of the tables beneath
since | time | | when the database was brought to it
"""
"""In the order of the views, and of their columns; a name alone is a column of `COMMON`."""
