"""The names and values that are Webex's own, and so may be kept as they are (Webex API reference)."""

import re


def words(text: str) -> frozenset[str]:
    """Returns the words of a text."""
    return frozenset(text.split())


def parts_of(names: frozenset[str]) -> frozenset[str]:
    """Returns the words, in small letters, that names are made of."""
    return frozenset(part.lower() for name in names for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name))


FIELDS = words("""
    items id orgId displayName created lastModified lastActivity lastActivityAt emails phoneNumbers type value
    primary nickName firstName lastName avatar roles licenses timezone status invitePending loginEnabled
    userName title manager managerId department locationId sipAddresses addresses extension siteUrls
    xmppFederationJid invitee errors code reason description name totalUnits consumedUnits consumedByUsers
    consumedByWorkspaces subscriptionId siteUrl siteType isLocked teamId creatorId ownerId isPublic
    isAnnouncementOnly isReadOnly classificationId madePublic roomId roomType toPersonId toPersonEmail text
    markdown html files personId personEmail personDisplayName personOrgId isModerator isRoomHidden
    mentionedPeople mentionedGroups attachments updated parentId isVoiceClip product serial mac ip tags
    connectionStatus software upgradeChannel activeInterface placeId workspaceId permissions errorCodes capacity
    workspaceLocationId floorId calling calendar notes hotdeskingStatus supportedDevices deviceHostedMeetings
    deviceManagedBy managedBy firstSeen lastSeen productType serialNumber address city state country postalCode
    latitude longitude countryCode timeZone preferredLanguage announcementLanguage connectors resourceGroupId
    hybridClusterId hostname version managementConnector resource appId actorId data actorName actorOrgId
    actorOrgName actorEmail actorIp actorUserAgent eventCategory eventDescription actionText adminRoles targetId
    targetType targetName targetOrgId targetOrgName operationType trackingId totalResults itemsPerPage
    startIndex schemas Resources userType meta exp data from to date metrics total totalMessagesSent
    totalMembersActive notFoundIds message isBot licenseId licenseIds personIds isDefault plannedTime location
    indoorNavigation errorCode
""")
"""Names of fields."""

VALUES = words("""
    active inactive call meeting presenting DoNotDisturb OutOfOffice pending unknown person bot appuser group
    direct user work mobile fax work_extension home connected disconnected connected_with_issues offline_expired
    activating activated error created updated deleted ended messages memberships rooms attachmentActions
    meetings operational impaired outage maintenance roomdesk phone accessory webexgo roomDevices freeCalling
    hybridCalling webexCalling thirdPartySipCalling none microsoft google notSet focus huddle meetingRoom open
    desk other standard stable stable_delay preview latest internal external true false
""")
"""Values of enumerations."""

SITES = frozenset({"Control Hub managed site", "Linked site", "Site Admin managed site"})
"""Types of sites."""

TYPES = words("""
    ORGANIZATION PEOPLE LICENSE ROLE ROOM MESSAGE EVENT TEAM TEAM_MEMBERSHIP MEMBERSHIP DEVICE CALLING_DEVICE
    PLACE PLACES RESOURCE_GROUP RESOURCE_GROUP_MEMBERSHIP LOCATION SCIM_GROUP REPORT LICENSE_USER_PAGING
    APPLICATION HYBRID_CLUSTER HYBRID_CONNECTOR WORKSPACE CONTENT
""")
"""What an id can be the id of."""

PARAMETERS = words("""
    max orgId cursor before after start offset startIndex count from to resource type teamId roomId
    excludeStatus next limit attributes beforeMessage page displayName sortBy
""")
"""Parameters of requests."""

BORNE_BY_PEOPLE = words("do max nick page")
PARTS_OF_NAMES = (parts_of(FIELDS | VALUES | PARAMETERS) - BORNE_BY_PEOPLE) | words("""
    _ account added allowed api app assigned available billing client content deleted domain enabled end events
    expires expiry external flag format free group groups has history hours include key kind language last length
    level link list lists members membership minutes mode model new number offset old order org
    organization organizations owner paid partner people person pool previous quantity region removed
    request seats seconds service session settings short size source start subscription summary term tier token
    trial unit units updated uri url usage used uuid visibility workspace workspaces
""")
"""Words that names of fields are made of, in small letters. None of them is a name that people bear."""
