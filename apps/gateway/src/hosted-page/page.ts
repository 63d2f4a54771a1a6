import type { Tenant } from '@emailauth/contracts/tenants'
import { Html, html, NOTHING } from './html.ts'
import { pageStyle } from './page-style.ts'
import { filled, type PageLanguage, type PageTexts, textsIn } from './page-texts.ts'

/** What every page of the hosted page is drawn with. */
export interface PageFrame {
  readonly language: PageLanguage
  /** Of the one stylesheet that the browser may use. */
  readonly nonce: string
  /** Absent where it is not known whose page it is. */
  readonly tenant?: Tenant | undefined
  /** Where the person goes without a result; it must be one of the tenant's. */
  readonly backTo?: string | undefined
}

export interface FormPage extends PageFrame {
  readonly tenant: Tenant
  /** Path of the form. */
  readonly action: string
  readonly maskedEmail: string
  /** Names this showing of the form, so that a form that is sent twice is one call. */
  readonly attempt: string
  readonly returnUrl: string
  readonly problem?: string | undefined
  readonly notice?: string | undefined
}

/** The page with the form for the number. It has no script at all. */
export function formPage(page: FormPage): string {
  const texts = textsIn(page.language)
  const { tenant, action, maskedEmail, attempt, returnUrl, problem = '', notice = '' } = page
  const hidden = html`<input type="hidden" name="returnTo" value="${returnUrl}">`
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
<form method="post" action="${action}/resend">${hidden}<button class="quiet">${texts.resend}</button></form>
<p role="status">${notice}</p>`,
  )
}

/** A page that only says something. */
export function sayingPage(frame: PageFrame, title: keyof PageTexts, text: keyof PageTexts): string {
  const texts = textsIn(frame.language)
  return whole(frame, texts[title], html`<p>${texts[text]}</p>`)
}

function whole({ language, nonce, tenant, backTo }: PageFrame, title: string, body: Html): string {
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
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${new Html(pageStyle(colour))}</style>
</head>
<body><main>${logo}<h1>${title}</h1>${test}${body}${back}</main></body>
</html>
`.text
}
