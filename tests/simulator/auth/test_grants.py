import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from webexhist.simulator.auth.integration import DEVICE_REDIRECT_URIS, Consent, Integration, Rotation

VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
SCOPE = "spark-admin:licenses_read spark-admin:people_read"


@pytest.fixture
def visitor(visit):
    visitor = visit()
    del visitor.session.headers["Authorization"]
    return visitor


@pytest.fixture
def post(visitor):
    """Sends a form, with the integration's credentials unless others are given."""

    def post(path, auth=None, **form):
        integration = visitor.webex.grants.integration
        own = {"client_id": integration.client_id, "client_secret": integration.client_secret}
        return visitor.session.post(f"{visitor.webex.base_url}{path}", data=own | form, auth=auth, timeout=60)

    return post


@pytest.fixture
def agree(visitor):
    """Lets the person agree; returns the parameters that the browser is redirected with."""

    def agree(**parameters):
        integration = visitor.webex.grants.integration
        usual = {
            "client_id": integration.client_id,
            "response_type": "code",
            "redirect_uri": integration.redirect_uris[0],
            "scope": SCOPE,
            "state": "a state",
        }
        answer = visitor.get("/v1/authorize", **(usual | parameters))
        assert answer.status_code == 302, answer.text
        address = urlsplit(answer.headers["Location"])
        assert f"{address.scheme}://{address.netloc}{address.path}" == integration.redirect_uris[0]
        return {name: values[0] for name, values in parse_qs(address.query).items()}

    return agree


@pytest.fixture
def granted(agree, post, visitor):
    """The tokens of a new authorization."""
    return post(
        "/v1/access_token",
        grant_type="authorization_code",
        code=agree()["code"],
        redirect_uri=visitor.webex.grants.integration.redirect_uris[0],
    ).json()


@pytest.fixture
def renew(post):
    return lambda token: post("/v1/access_token", grant_type="refresh_token", refresh_token=token)


@pytest.fixture
def works(visitor):
    return lambda token: (
        visitor.session.get(
            f"{visitor.webex.base_url}/v1/licenses", headers={"Authorization": f"Bearer {token}"}, timeout=60
        ).status_code
    )


def test_a_code_becomes_tokens_with_the_scopes_agreed_to(granted, works, visitor):
    assert granted | {"access_token": "", "refresh_token": ""} == {
        "access_token": "",
        "refresh_token": "",
        "expires_in": 1_209_599,
        "refresh_token_expires_in": 7_775_999,
        "token_type": "Bearer",
        "scope": SCOPE,
    }
    assert works(granted["access_token"]) == 200
    visitor.session.headers["Authorization"] = f"Bearer {granted['access_token']}"
    assert visitor.get("/v1/devices").status_code == 403


def test_the_browser_comes_back_with_the_state_it_left_with(agree):
    assert agree(state="x&y=z")["state"] == "x&y=z"


@pytest.mark.parametrize(
    ("method", "challenge"),
    [
        ("S256", base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")),
        ("plain", VERIFIER),
    ],
)
def test_a_code_with_a_challenge_needs_its_verifier(agree, post, visitor, method, challenge):
    redirect_uri = visitor.webex.grants.integration.redirect_uris[0]

    def status(**verifier):
        code = agree(code_challenge=challenge, code_challenge_method=method)["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return post("/v1/access_token", **form, **verifier).status_code

    assert [status(code_verifier=VERIFIER), status(code_verifier=VERIFIER[:-1]), status()] == [200, 400, 400]


def test_a_code_serves_once_for_five_minutes_and_for_its_own_redirect(agree, post, visitor, clock):
    redirect_uri = visitor.webex.grants.integration.redirect_uris[0]

    def status(code, redirect_uri=redirect_uri):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return post("/v1/access_token", **form).status_code

    code = agree()["code"]
    assert [status(code), status(code)] == [200, 400]
    assert status(agree()["code"], "http://localhost:6001/other") == 400
    late = agree()["code"]
    clock.advance(timedelta(minutes=5))
    assert status(late) == 400


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "spark:everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
    ],
)
def test_what_cannot_be_agreed_to_goes_back_as_an_error(agree, parameters, error):
    assert agree(**parameters)["error"] == error


def test_a_person_may_refuse(agree, visitor):
    visitor.webex.grants.consent = Consent(given=False)
    answer = agree()
    assert (answer["error"], answer["state"], "code" in answer) == ("access_denied", "a state", False)


def test_an_unknown_client_or_redirect_is_never_sent_anywhere(visitor):
    integration = visitor.webex.grants.integration
    assert visitor.get("/v1/authorize", client_id="other").status_code == 400
    foreign = {"client_id": integration.client_id, "redirect_uri": "http://elsewhere.example/"}
    assert visitor.get("/v1/authorize", **foreign).status_code == 400


def test_a_wrong_secret_and_a_wrong_token_have_different_errors(post, renew):
    wrong = post("/v1/access_token", grant_type="refresh_token", refresh_token="x", client_secret="wrong")
    assert (wrong.status_code, renew("x").status_code) == (401, 400)
    assert renew("x").json()["errors"][0]["description"].startswith("POST failed: HTTP/1.1 400")
    assert post("/v1/access_token", grant_type="client_credentials").status_code == 400


@pytest.mark.parametrize(
    ("rotation", "is_same", "old_status"),
    [
        (Rotation.SAME, True, 200),
        (Rotation.ROTATE_AND_REVOKE, False, 400),
        (Rotation.ROTATE_KEEP_OLD, False, 200),
    ],
)
def test_renewing_treats_the_refresh_token_as_the_switch_says(
    granted, renew, works, visitor, rotation, is_same, old_status
):
    visitor.webex.grants.rotation = rotation
    old = granted["refresh_token"]
    renewed = renew(old).json()
    assert (renewed["refresh_token"] == old) is is_same
    assert renewed["scope"] == SCOPE
    assert [works(granted["access_token"]), works(renewed["access_token"])] == [200, 200]
    assert renew(old).status_code == old_status
    assert renew(renewed["refresh_token"]).status_code == 200


def test_access_ends_after_fourteen_days_and_a_refresh_token_ninety_after_its_last_use(granted, renew, works, clock):
    clock.advance(timedelta(days=13, hours=23))
    assert works(granted["access_token"]) == 200
    clock.advance(timedelta(hours=1))
    assert works(granted["access_token"]) == 401
    for _ in range(3):
        clock.advance(timedelta(days=75))
        assert renew(granted["refresh_token"]).status_code == 200
    clock.advance(timedelta(days=90))
    assert renew(granted["refresh_token"]).status_code == 400


def test_an_administrator_can_take_refresh_tokens_back(granted, renew, visitor):
    visitor.webex.grants.revoke_refresh_tokens()
    assert renew(granted["refresh_token"]).status_code == 400


def test_lifetimes_and_the_integration_are_settings(visitor, agree, post):
    grants = visitor.webex.grants
    grants.integration = Integration("c", "s", ("http://127.0.0.1:1/back",), frozenset({"spark:kms"}))
    grants.access_lifetime = timedelta(hours=12)
    code = agree(scope="spark:kms")["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://127.0.0.1:1/back"}
    assert post("/v1/access_token", **form).json()["expires_in"] == 43_199


@pytest.fixture
def device(post):
    """A device that shows its code."""
    return post("/v1/device/authorize", scope=SCOPE).json()


@pytest.fixture
def ask(post, visitor):
    """Asks for a device's token."""

    def ask(device):
        integration = visitor.webex.grants.integration
        return post(
            "/v1/device/token",
            auth=(integration.client_id, integration.client_secret),
            grant_type="urn:ietf:params:oauth:grant-type:device_code",
            device_code=device["device_code"],
        )

    return ask


def test_a_device_waits_until_a_person_has_agreed(device, ask, works, visitor, clock):
    assert (device["expires_in"], device["interval"]) == (300, 2)
    shown = parse_qs(urlsplit(device["verification_uri_complete"]).query)["userCode"][0]
    assert shown == hashlib.sha256(device["user_code"].encode()).hexdigest()  # Webex shows a hash, not the code
    waiting = ask(device)
    assert (waiting.status_code, waiting.json()["errors"][0]["description"]) == (428, "authorization_pending")
    clock.advance(timedelta(seconds=2))
    assert ask(device).status_code == 428
    visitor.webex.device_grants.approve(device["user_code"])
    tokens = ask(device).json()
    assert works(tokens["access_token"]) == 200
    assert tokens["scope"] == SCOPE
    assert ask(device).status_code == 400


def test_a_device_that_asks_too_often_is_slowed_down(device, ask, clock):
    ask(device)
    clock.advance(timedelta(seconds=1))
    assert ask(device).json()["message"] == "slow_down"


def test_a_device_may_be_denied_or_forgotten(device, ask, post, visitor, clock):
    visitor.webex.device_grants.deny(device["user_code"])
    denied = ask(device)
    assert (denied.status_code, denied.json()["message"]) == (400, "access_denied")
    forgotten = post("/v1/device/authorize", scope=SCOPE).json()
    clock.advance(timedelta(seconds=300))
    assert ask(forgotten).json()["message"] == "invalid_grant"
    with pytest.raises(KeyError):
        visitor.webex.device_grants.approve("000000")


def test_a_device_needs_the_clients_credentials(device, post):
    assert post("/v1/device/token", auth=("c", "wrong"), device_code=device["device_code"]).status_code == 401
    unknown = post("/v1/device/authorize", client_id="other", scope=SCOPE)
    assert (unknown.status_code, unknown.json()["message"]) == (400, "Client Id is invalid")
    assert post("/v1/device/authorize", scope="spark:everything").status_code == 400


@pytest.mark.parametrize("missing", DEVICE_REDIRECT_URIS)
def test_the_device_flow_needs_all_four_redirect_uris_of_webex(visitor, post, missing):
    registered = tuple(uri for uri in DEVICE_REDIRECT_URIS if uri != missing)
    visitor.webex.grants.integration = Integration(redirect_uris=registered)
    assert post("/v1/device/authorize", scope=SCOPE).status_code == 400
    visitor.webex.grants.integration = Integration(redirect_uris=DEVICE_REDIRECT_URIS)
    assert post("/v1/device/authorize", scope=SCOPE).status_code == 200
    assert len(DEVICE_REDIRECT_URIS) == 4


@pytest.mark.parametrize(("length", "status"), [(42, 400), (43, 200), (128, 200), (129, 400)])
def test_a_verifier_has_43_to_128_characters(agree, post, visitor, length, status):
    verifier = "v" * length
    code = agree(code_challenge=verifier, code_challenge_method="plain")["code"]
    redirect_uri = visitor.webex.grants.integration.redirect_uris[0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    assert post("/v1/access_token", **form, code_verifier=verifier).status_code == status
