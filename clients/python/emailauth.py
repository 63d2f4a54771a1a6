"""Client of emailauth for servers in Python: one file, standard library only, Python 3.9 or newer.

    from emailauth import Emailauth

    emailauth = Emailauth("http://127.0.0.1:4000", api_key="ea_...")
    registered = emailauth.register("ada@example.com", token="hello")
    verified = emailauth.verify("1844 2712 0724", identity_id=registered["identityId"])
    if verified["__typename"] == "Verified":
        print(verified["token"])  # hello, once

Expected outcomes are dictionaries, told apart by "__typename": register answers Registered, EmailRejected or RateLimited; resend also
IdentityNotFound; verify answers Verified, WrongCredentials or RateLimited. Everything else is raised as EmailauthError.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import json
import random
import re
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Iterable, Mapping, Optional, Union

__version__ = "0.1.0"
__all__ = ["Emailauth", "EmailauthError", "WebhookError", "verify_webhook"]

_PROBLEM = "... on Problem { code message } ... on RateLimited { limit retryAfterSeconds }"
_REGISTERED = (
    "__typename ... on Registered { identityId email expiresAt delivery replaced } " + _PROBLEM
)
_REGISTER = "mutation Register($input: RegisterInput!) { register(input: $input) { %s } }" % _REGISTERED
_RESEND = "mutation Resend($input: ResendInput!) { resend(input: $input) { %s } }" % _REGISTERED
_VERIFY = (
    "mutation Verify($input: VerifyInput!) { verify(input: $input) "
    "{ __typename ... on Verified { identityId email token registeredAt } %s } }" % _PROBLEM
)
_EXCHANGE = (
    "mutation Exchange($input: ExchangeInput!) { exchange(input: $input) "
    "{ __typename ... on Verified { identityId email token registeredAt } %s } }" % _PROBLEM
)
_REVOKE = "mutation Revoke($id: ID!) { revokeIdentity(id: $id) }"
_IDENTITY = """query Identity($id: ID!) { identity(id: $id) {
  id tenant { id name } email createdAt expiresAt
  delivery { state attempts reason updatedAt nextAttemptAt } } }"""

_CODES = {
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "BAD_USER_INPUT",
    "SERVICE_UNAVAILABLE",
    "INTERNAL_SERVER_ERROR",
}
_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 1.0


class EmailauthError(Exception):
    """A call that failed.

    code is UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT (field names the input; current_version says the version now when
    ifVersion is an older one), SERVICE_UNAVAILABLE (see retry_after_seconds),
    INTERNAL_SERVER_ERROR, or UNREACHABLE: no answer in time, or none of emailauth's; whether the call took effect is unknown.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        request_id: Optional[str] = None,
        field: Optional[str] = None,
        retry_after_seconds: Optional[float] = None,
        current_version: Optional[int] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id
        self.field = field
        self.retry_after_seconds = retry_after_seconds
        self.current_version = current_version


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The API key goes where it was meant to go and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def _pause_seconds(retry_after: Optional[float]) -> Optional[float]:
    """Random in part: clients that failed together would come back together. None: the server asks for too long a pause."""
    if retry_after is None:
        return random.uniform(_PAUSE_SECONDS / 2, _PAUSE_SECONDS)
    if retry_after > _LONGEST_PAUSE_SECONDS:
        return None
    return random.uniform(retry_after, retry_after + _PAUSE_SECONDS)


class Emailauth:
    """A gateway and an API key. It keeps no connection, and may be used by several threads."""

    def __init__(self, url: str, api_key: str, *, timeout: float = 10.0, retries: int = 1) -> None:
        """url is the gateway's base or its GraphQL endpoint. timeout bounds a call with its retries, in seconds; each read of the network
        is bounded by what is left of it.

        Raises ValueError when the URL is not http(s), or the key cannot stand in a header.
        """
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("The URL of emailauth begins with http:// or https://.")
        if not isinstance(api_key, str) or not re.fullmatch(r"[\x21-\x7e]+", api_key):
            raise ValueError("The API key is empty or has a character that no key has.")
        path = re.sub(r"(/graphql)?/*$", "", parts.path) + "/graphql"
        self._endpoint = urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        self._origin = "%s://%s" % (parts.scheme, parts.netloc)
        self._api_key = api_key
        self._timeout = timeout
        self._retries = retries
        self._opener = urllib.request.build_opener(_NoRedirect)

    def register(
        self,
        email: str,
        token: str,
        *,
        locale: Optional[str] = None,
        expires_in_seconds: Optional[int] = None,
        client_ip: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> dict[str, Any]:
        """Keeps your token under a new number and mails the number."""
        fields = {
            "email": email,
            "token": token,
            "locale": locale,
            "expiresInSeconds": expires_in_seconds,
            "clientIp": client_ip,
        }
        return self._repeatable("register", _REGISTER, fields, idempotency_key)

    def verify(
        self,
        number: str,
        *,
        email: Optional[str] = None,
        identity_id: Optional[str] = None,
        client_ip: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> dict[str, Any]:
        """Trades a number for your token, once."""
        fields = {"number": number, "email": email, "identityId": identity_id, "clientIp": client_ip}
        return self._repeatable("verify", _VERIFY, fields, idempotency_key)

    def exchange(
        self, result: str, *, identity_id: str, idempotency_key: Optional[str] = None
    ) -> dict[str, Any]:
        """Trades the result that the hosted page returned with for your token, once. Take identity_id from your session."""
        fields = {"identityId": identity_id, "result": result}
        return self._repeatable("exchange", _EXCHANGE, fields, idempotency_key)

    def resend(self, identity_id: str) -> dict[str, Any]:
        """Mails the same number again; its expiry stays."""
        return self.graphql(_RESEND, {"input": {"identityId": identity_id}})["resend"]

    def revoke(self, identity_id: str) -> bool:
        """Ends an identity. False when there was none alive."""
        return self.graphql(_REVOKE, {"id": identity_id})["revokeIdentity"]

    def identity(self, identity_id: str) -> Optional[dict[str, Any]]:
        """None when it is verified, replaced, revoked, expired, or never was."""
        return self.graphql(_IDENTITY, {"id": identity_id})["identity"]

    def graphql(self, document: str, variables: Optional[Mapping[str, Any]] = None) -> dict[str, Any]:
        """Sends any document, once; answers its whole data."""
        return self._send(document, variables or {}, time.monotonic() + self._timeout)

    def _repeatable(
        self, field: str, document: str, given: Mapping[str, Any], idempotency_key: Optional[str]
    ) -> dict[str, Any]:
        """Sent again under the same key when a reply is lost, so that it takes effect once."""
        fields = {name: value for name, value in given.items() if value is not None}
        fields["idempotencyKey"] = secrets.token_hex(16) if idempotency_key is None else idempotency_key
        ends_at = time.monotonic() + self._timeout
        for attempts_left in range(self._retries, -1, -1):
            now = time.monotonic()
            # Each attempt gets an equal part, so that a lost reply leaves time for the next.
            attempt_ends_at = now + max(ends_at - now, 0.001) / (attempts_left + 1)
            try:
                return self._send(document, {"input": fields}, attempt_ends_at)[field]
            except EmailauthError as error:
                if attempts_left == 0 or error.code not in ("UNREACHABLE", "SERVICE_UNAVAILABLE"):
                    raise
                pause = _pause_seconds(error.retry_after_seconds)
                if pause is None or time.monotonic() + pause >= ends_at:
                    raise
                time.sleep(pause)
        raise AssertionError("unreachable")

    def _send(self, document: str, variables: Mapping[str, Any], ends_at: float) -> dict[str, Any]:
        request = urllib.request.Request(
            self._endpoint,
            data=json.dumps({"query": document, "variables": variables}).encode(),
            method="POST",
            headers={
                "authorization": "Bearer " + self._api_key,
                "content-type": "application/json",
                "accept": "application/graphql-response+json, application/json;q=0.9",
                "user-agent": "emailauth-python/" + __version__,
            },
        )
        try:
            with self._opener.open(request, timeout=max(ends_at - time.monotonic(), 0.001)) as response:
                return self._read(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                try:
                    body = error.read()
                except (OSError, http.client.HTTPException):
                    body = b""
                return self._read(error.code, error.headers, body)
        except (OSError, http.client.HTTPException) as error:
            raise EmailauthError(
                "UNREACHABLE", "emailauth at %s cannot be reached or did not answer in time." % self._origin
            ) from error

    def _read(self, status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        request_id = headers.get("x-request-id")
        retry_after = _seconds(headers.get("retry-after"))
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        answer = answer if isinstance(answer, dict) else {}
        errors = answer.get("errors")
        if isinstance(errors, list) and errors and isinstance(errors[0], dict):
            extensions = errors[0].get("extensions") or {}
            code = extensions.get("code")
            if code not in _CODES:
                code = "BAD_USER_INPUT" if 400 <= status < 500 else "INTERNAL_SERVER_ERROR"
            raise EmailauthError(
                code,
                str(errors[0].get("message", "The call failed.")),
                request_id=extensions.get("requestId") or request_id,
                field=extensions.get("field"),
                retry_after_seconds=extensions.get("retryAfterSeconds", retry_after),
                current_version=extensions.get("currentVersion"),
            )
        if isinstance(answer.get("data"), dict):
            return answer["data"]
        code = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 413: "BAD_USER_INPUT"}.get(status)
        if code is None:
            code = "SERVICE_UNAVAILABLE" if status in (429, 502, 503, 504) else "UNREACHABLE"
            code = "INTERNAL_SERVER_ERROR" if status >= 500 and code == "UNREACHABLE" else code
        raise EmailauthError(
            code,
            "%s answered with status %d, but not as emailauth would. Is the URL right?" % (self._origin, status),
            request_id=request_id,
            retry_after_seconds=retry_after,
        )


class WebhookError(Exception):
    """A webhook that is none of ours, was changed on its way, or is too old. Answer 400."""


def verify_webhook(
    body: Union[bytes, str],
    headers: Mapping[str, str],
    secret: Union[str, Iterable[str]],
    *,
    tolerance_seconds: float = 300,
    now: Optional[float] = None,
) -> Any:
    """Checks a webhook by the Standard Webhooks scheme and answers its JSON.

    body must be as it came. secret is "whsec_...", or several while one is changed over. Raises WebhookError.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        identity, timestamp, signatures = (
            lowered["webhook-" + name] for name in ("id", "timestamp", "signature")
        )
    except KeyError as error:
        raise WebhookError("A webhook header is missing: %s." % error.args[0]) from None
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise WebhookError("webhook-timestamp is no time.")
    if abs((time.time() if now is None else now) - int(timestamp)) > tolerance_seconds:
        raise WebhookError("The webhook is too old, or a clock is wrong.")
    raw = body.encode() if isinstance(body, str) else body
    signed = ("%s.%s." % (identity, timestamp)).encode() + raw
    given = [each[3:].encode() for each in signatures.split(" ") if each.startswith("v1,")]
    keys = [_key(each) for each in ([secret] if isinstance(secret, str) else secret)]
    expected = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()) for key in keys]
    matches = [hmac.compare_digest(mine, theirs) for mine in expected for theirs in given]
    if not any(matches):
        raise WebhookError("No signature of the webhook is right.")
    try:
        return json.loads(raw)
    except ValueError as error:
        raise WebhookError("The body of the webhook is no JSON.") from error


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret[6:] if secret.startswith("whsec_") else secret, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ValueError('A webhook secret is "whsec_" and base64.')
    return key


def _seconds(text: Optional[str]) -> Optional[float]:
    return float(text) if text is not None and re.fullmatch(r"[0-9]{1,9}", text) else None
