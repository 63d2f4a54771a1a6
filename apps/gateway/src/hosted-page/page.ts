import { directionOf, type Language } from '@emailauth/contracts/languages'
import type { Tenant } from '@emailauth/contracts/tenants'
import { waitingTime } from '@emailauth/contracts/waiting-time'
import { Html, html, NOTHING } from './html.ts'
import { pageStyle, timerStyle } from './page-style.ts'
import type { PageTexts } from './page-texts.ts'
import { filled, textsIn } from './texts.ts'

/** What every page of the hosted page needs. */
export interface PageFrame {
  readonly language: Language
  /** CSP nonce of the one stylesheet that the browser may use. */
  readonly nonce: string
  /** Absent when the tenant is not known. */
  readonly tenant?: Tenant | undefined
  /** The return URL for a person without a result. It must be one of the tenant's. */
  readonly backTo?: string | undefined
}

/** What the page with the form needs besides. */
export interface FormPage extends PageFrame {
  readonly tenant: Tenant
  /** Path of the form. */
  readonly action: string
  readonly maskedEmail: string
  /** Id of this rendering of the form, so that a form that is sent twice is one call. */
  readonly attempt: string
  readonly returnUrl: string
  /** The page offers to mail again after this time. 0: at once. */
  readonly resendInSeconds: number
  /** The same as Unix milliseconds. An act brings it back, so that the next page goes on counting. */
  readonly resendAt: number
  readonly problem?: string | undefined
  readonly notice?: string | undefined
}

/** The page with the form for the number. It has no script at all. */
export function formPage(page: FormPage): string {
  const texts = textsIn(page.language)
  const { tenant, action, maskedEmail, attempt, returnUrl, resendAt, problem = '', notice = '' } = page
  const hidden = html`<input type="hidden" name="returnTo" value="${returnUrl}"><input type="hidden" name="resendAt" value="${String(resendAt)}">`
  return whole(
    page,
    texts.title,
    html`<p>${filled(texts.sent, { tenant: tenant.name, email: maskedEmail })}</p>
<form method="post" action="${action}" autocomplete="off">
${hidden}<input type="hidden" name="attempt" value="${attempt}">
<label for="number">${texts.label}</label>
<input id="number" name="number" inputmode="numeric" autocomplete="one-time-code" dir="ltr" spellcheck="false" autofocus required maxlength="256" aria-describedby="problem"${problem === '' ? NOTHING : html` aria-invalid="true"`}>
<p id="problem" role="alert">${problem}</p>
<button>${texts.go}</button>
</form>
<form class="resend" method="post" action="${action}/resend">${hidden}<button class="quiet">${texts.resend}</button>${timer(page)}</form>
<p role="status">${notice}</p>`,
    timerStyle(page.resendInSeconds),
  )
}

/** The time that is left, in place of the button. The stylesheet counts it down. */
function timer({ language, resendInSeconds }: FormPage): Html {
  if (resendInSeconds === 0) return NOTHING
  const [before = '', after = ''] = textsIn(language).resendIn.split('{time}')
  // The whole wait is a text too, for browsers without stylesheets and for waits that are not counted down.
  return html`<p class="wait">${before}<span class="time" dir="ltr"><b>${waitingTime(resendInSeconds)}</b></span>${after}</p>`
}

/** A page with a title and a text, and nothing to fill in. */
export function noticePage(
  frame: PageFrame,
  title: keyof PageTexts,
  text: keyof PageTexts,
  values: Readonly<Record<string, string>> = {},
): string {
  const texts = textsIn(frame.language)
  return whole(frame, texts[title], html`<p>${filled(texts[text], values)}</p>`)
}

function whole(
  { language, nonce, tenant, backTo }: PageFrame,
  title: string,
  body: Html,
  style = '',
): string {
  const texts = textsIn(language)
  const { colour, logoUrl } = tenant?.settings.mail ?? {}
  const logo = logoUrl === undefined ? NOTHING : html`<img src="${logoUrl}" alt="${tenant?.name ?? ''}">`
  const test = tenant?.testMode ? html`<p class="test">${texts.testMode}</p>` : NOTHING
  const back =
    backTo === undefined || tenant === undefined
      ? NOTHING
      : html`<p><a href="${backTo}">${filled(texts.back, { tenant: tenant.name })}</a></p>`
  // The colour was checked to be six hex digits, so the stylesheet is ours to the last character.
  return html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${new Html(pageStyle(colour) + style)}</style>
</head>
<body><main>${logo}<h1>${title}</h1>${test}${body}${back}</main></body>
</html>
`.text
}
