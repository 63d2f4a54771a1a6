"""An external server in plain Python: copy emailauth.py beside it. Standard library only.

EMAILAUTH_URL, EMAILAUTH_API_KEY and PORT come from the environment.
"""

import json
import os
import secrets
from http.cookies import SimpleCookie
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

from emailauth import Emailauth, EmailauthError

emailauth = Emailauth(os.environ["EMAILAUTH_URL"], os.environ["EMAILAUTH_API_KEY"])
# In memory: take your framework's sessions in their place.
sessions: dict[str, dict] = {}


def typed(call, *args, **kwargs):
    """Calls with what a person typed. Where that is no address or no code, the answer says so."""
    try:
        return call(*args, **kwargs)
    except EmailauthError as error:
        if error.field not in ("email", "number"):
            raise
        return {"__typename": "Mistyped", "message": str(error)}


def app(environ, start_response):
    cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get("session")
    session = sessions.get(cookie.value) if cookie else None
    length = min(int(environ.get("CONTENT_LENGTH") or 0), 4096)
    form = {name: values[0] for name, values in parse_qs(environ["wsgi.input"].read(length).decode()).items()}
    client_ip = environ["REMOTE_ADDR"]
    route = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]

    def answer(status, body, keep=None):
        if keep is not None:
            # A new id each time, so that one which was planted before is worth nothing.
            session_id = secrets.token_urlsafe(32)
            sessions[session_id] = keep
            headers.append(("Set-Cookie", f"session={session_id}; Path=/; HttpOnly; SameSite=Lax"))
        start_response(status, headers)
        return [json.dumps(body).encode()]

    if route == ("POST", "/sign-in"):
        # The token says what the number is good for: one for a payment signs nobody in.
        registered = typed(emailauth.register, form.get("email", ""), "sign-in", client_ip=client_ip)
        if registered["__typename"] != "Registered":
            return answer("422 Unprocessable Content", registered)
        return answer("200 OK", {"expiresAt": registered["expiresAt"]}, {"identityId": registered["identityId"]})
    if route == ("POST", "/code"):
        if session is None or "identityId" not in session:
            return answer("409 Conflict", {"message": "Ask for a code first."})
        verified = typed(
            emailauth.verify,
            form.get("number", ""),
            identity_id=session["identityId"],
            client_ip=client_ip,
        )
        if verified["__typename"] != "Verified":
            return answer("422 Unprocessable Content", verified)
        # Without the answer: its token belongs to another purpose, and to your server alone.
        if verified["token"] != "sign-in":
            return answer("422 Unprocessable Content", {"message": "This code is not valid."})
        sessions.pop(cookie.value)
        return answer("200 OK", {"email": verified["email"]}, {"email": verified["email"]})
    if route == ("GET", "/me"):
        if session is None or "email" not in session:
            return answer("401 Unauthorized", {})
        return answer("200 OK", {"email": session["email"]})
    return answer("404 Not Found", {})


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args):
        pass


if __name__ == "__main__":
    server = make_server("127.0.0.1", int(os.environ.get("PORT", "3000")), app, handler_class=Quiet)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
