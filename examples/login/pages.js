const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const asText = (value) => String(value).replace(/[&<>"']/g, (character) => ESCAPES[character])

/** Whatever is put into one of these templates is text, not HTML. */
const html = (parts, ...values) => String.raw({ raw: parts }, ...values.map(asText))

const layout = (title, body) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/field/number-field.css">
<link rel="stylesheet" href="/assets/login.css">
<script type="module" src="/field/element/element.js"></script>
</head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>
`

export const homePage = ({ email }) =>
  layout(
    'Welcome',
    html`<p>You are signed in as <strong>${email}</strong>.</p>
<form method="post" action="/sign-out"><button>Sign out</button></form>`,
  )

/** @param {{ email?: string, problem?: string }} shown */
export const emailPage = ({ email = '', problem = '' }) =>
  layout(
    'Sign in',
    html`<form method="post" action="/sign-in">
<label for="email">Your email address</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="320" value="${email}" aria-describedby="problem">
<p class="problem" id="problem" role="alert">${problem}</p>
<button>Mail me a code</button>
</form>`,
  )

export const codePage = ({ email, problem, notice, resendAfterSeconds }) =>
  layout(
    'Look into your mail',
    html`<p>We have sent a code to <strong>${email}</strong>.</p>
<form method="post" action="/code">
<emailauth-number-field resend-after="${resendAfterSeconds}">
<label class="emailauth-field-label" for="number">Code from the mail</label>
<input class="emailauth-field-input" id="number" name="number" inputmode="numeric" autocomplete="one-time-code" required maxlength="256" autofocus>
<p class="emailauth-field-problem" role="alert">${problem}</p>
<button class="emailauth-field-resend" data-resend form="resend">Send the code again</button>
<p class="emailauth-field-notice" role="status">${notice}</p>
</emailauth-number-field>
<button>Continue</button>
</form>
<form id="resend" method="post" action="/resend"></form>
<p><a href="/sign-in">Another address</a></p>`,
  )
