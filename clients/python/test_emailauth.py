"""Tried against a real gateway: EMAILAUTH_URL and EMAILAUTH_API_KEY say which, INBOX_URL is where its mails are."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from emailauth import Emailauth, EmailauthError, WebhookError, _pause_seconds, verify_webhook

URL, KEY, INBOX = (os.environ[name] for name in ("EMAILAUTH_URL", "EMAILAUTH_API_KEY", "INBOX_URL"))
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()


def number_for(email):
    def get(path):
        with urllib.request.urlopen(INBOX + path, timeout=10) as reply:
            return json.load(reply)

    for _ in range(500):
        found = get("/api/v1/search?query=" + urllib.parse.quote("to:" + email))["messages"]
        if found:
            return re.search(r"\d{3,4}( \d{3,4})+", get("/api/v1/message/" + found[0]["ID"])["Text"]).group()
        time.sleep(0.02)
    raise AssertionError("no mail came")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args, **_kwargs):
        return None


def type_on_page(identity_id, number):
    """Types a number into the hosted page, as a form does; the result that it returns with."""
    form = urllib.parse.urlencode({"number": number, "attempt": "a"}).encode()
    try:
        urllib.request.build_opener(_Stay).open(URL + "/verify/" + identity_id, form, timeout=10)
    except urllib.error.HTTPError as error:
        location = error.headers["Location"]
        return urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)["result"][0]
    raise AssertionError("it does not return")


class RealGateway(unittest.TestCase):
    def setUp(self):
        self.client = Emailauth(URL + "/graphql", KEY, timeout=60)
        self.email = "py-%d@example.com" % time.time_ns()

    def test_a_number_is_traded_once(self):
        registered = self.client.register(self.email, "h\u00e9llo", expires_in_seconds=120)
        self.assertEqual((registered["__typename"], registered["email"]), ("Registered", self.email))
        identity_id = registered["identityId"]
        self.assertEqual(self.client.identity(identity_id)["email"], self.email)
        number = number_for(self.email)
        wrong = self.client.verify(number, email="eve@example.com")
        self.assertEqual(wrong["__typename"], "WrongCredentials")
        verified = self.client.verify(number, identity_id=identity_id, idempotency_key="k" + self.email)
        self.assertEqual(verified["token"], "h\u00e9llo")
        again = self.client.verify(number, identity_id=identity_id, idempotency_key="k" + self.email)
        self.assertEqual(again, verified)
        self.assertEqual(self.client.verify(number)["__typename"], "WrongCredentials")
        self.assertEqual(self.client.resend(identity_id)["__typename"], "IdentityNotFound")
        self.assertIsNone(self.client.identity(identity_id))
        self.assertFalse(self.client.revoke(identity_id))

    def test_a_result_of_the_hosted_page_is_traded_once(self):
        identity_id = self.client.register(self.email, "mine")["identityId"]
        result = type_on_page(identity_id, number_for(self.email))
        wrong = self.client.exchange("x" + result[1:], identity_id=identity_id)
        self.assertEqual(wrong["__typename"], "WrongCredentials")
        self.assertEqual(self.client.exchange(result, identity_id=identity_id)["token"], "mine")
        again = self.client.exchange(result, identity_id=identity_id)
        self.assertEqual(again["__typename"], "WrongCredentials")

    def test_limits_are_outcomes(self):
        self.client.register(self.email, "t")
        limited = self.client.register(self.email, "t")
        self.assertEqual((limited["__typename"], limited["limit"]), ("RateLimited", "EMAIL"))
        self.assertGreater(limited["retryAfterSeconds"], 0)

    def test_errors_have_code_field_and_request_id(self):
        with self.assertRaises(EmailauthError) as caught:
            self.client.register("no address", "t")
        self.assertEqual((caught.exception.code, caught.exception.field), ("BAD_USER_INPUT", "email"))
        self.assertTrue(caught.exception.request_id)
        with self.assertRaises(EmailauthError) as caught:
            Emailauth(URL, "ea_stranger").identity("x")
        self.assertEqual(caught.exception.code, "UNAUTHENTICATED")


class Wire(unittest.TestCase):
    def serve(self, *answers):
        seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                seen.append(body["variables"])
                answers[min(len(seen), len(answers)) - 1](self)

            def log_message(self, *_args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return "http://127.0.0.1:%d" % server.server_port, seen

    @staticmethod
    def reply(status, body, **headers):
        def answer(handler):
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body.encode())

        return answer

    def test_a_lost_reply_is_asked_again_under_the_same_key(self):
        good = self.reply(200, '{"data":{"verify":{"__typename":"Verified"}}}')
        for lost in (lambda handler: None, self.reply(502, "<html>"), self.reply(200, '{"da')):
            url, seen = self.serve(lost, good)
            self.assertEqual(Emailauth(url, "k").verify("1")["__typename"], "Verified")
            self.assertEqual(len(seen), 2)
            self.assertEqual(seen[0], seen[1])

    def test_clients_that_failed_together_do_not_come_back_together(self):
        for retry_after, least in ((None, 0.05), (0.5, 0.5), (1, 1)):
            pauses = [_pause_seconds(retry_after) for _ in range(200)]
            self.assertGreaterEqual(min(pauses), least)
            self.assertLessEqual(max(pauses), 0.1 if retry_after is None else retry_after + 0.1)
            self.assertGreater(max(pauses) - min(pauses), 0.03)
        self.assertIsNone(_pause_seconds(1.001))

    def test_a_long_retry_after_and_a_redirect_are_not_followed(self):
        url, seen = self.serve(self.reply(503, "", retry_after="30"))
        with self.assertRaises(EmailauthError) as caught:
            Emailauth(url, "k").verify("1")
        self.assertEqual((caught.exception.retry_after_seconds, len(seen)), (30, 1))
        other, others = self.serve(self.reply(200, "{}"))
        url, _ = self.serve(self.reply(307, "", location=other))
        with self.assertRaises(EmailauthError) as caught:
            Emailauth(url, "k", retries=0).verify("1")
        self.assertEqual((caught.exception.code, others), ("UNREACHABLE", []))

    def test_what_cannot_work_is_refused_without_showing_the_key(self):
        for url in ("", "localhost:4000", "ftp://h"):
            self.assertRaises(ValueError, Emailauth, url, "k")
        for key in ("", "ea_secret\n", "ea_s\u00e9cret"):
            with self.assertRaises(ValueError) as caught:
                Emailauth("http://h", key)
            self.assertNotIn("cret", str(caught.exception))


class Webhooks(unittest.TestCase):
    BODY = b'{"type":"VERIFIED"}'

    def headers(self, at=1000, key=SECRET):
        signed = b"msg_1.%d." % at + self.BODY
        digest = hmac.new(base64.b64decode(key[6:]), signed, hashlib.sha256).digest()
        signature = "v1,AAAA v1," + base64.b64encode(digest).decode()
        return {"Webhook-Id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": signature}

    def test_signed_by_the_scheme(self):
        self.assertEqual(verify_webhook(self.BODY, self.headers(), SECRET, now=1300), {"type": "VERIFIED"})
        other = "whsec_" + base64.b64encode(b"another").decode()
        verify_webhook(self.BODY, self.headers(), [other, SECRET], now=1000)
        for change in (
            {"body": self.BODY + b" "},
            {"secret": other},
            {"now": 1301},
            {"now": 699},
            {"headers": {}},
            {"headers": {**self.headers(), "webhook-signature": "v1,\u00e9"}},
        ):
            given = {"body": self.BODY, "headers": self.headers(), "secret": SECRET, "now": 1000, **change}
            self.assertRaises(WebhookError, verify_webhook, **given)


if __name__ == "__main__":
    unittest.main()
