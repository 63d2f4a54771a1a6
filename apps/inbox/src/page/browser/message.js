import { copyButton } from './copy.js'
import { element } from './element.js'
import { addressLine } from './list.js'
import { findNumber } from './number.js'
import { tabs } from './tabs.js'

/** @import { Message, Attachment } from './inbox.js' */

const SENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/**
 * One mail: who, to whom, the number large, then its HTML, text and headers.
 * @param {Message} message
 * @param {Record<string, string[]>} headers
 */
export function messageView(message, headers) {
  const number = findNumber(message.Subject, message.Text)
  const attachments = [...message.Inline, ...message.Attachments]
  const bodies = [
    ...(message.HTML === '' ? [] : [{ name: 'HTML', content: htmlFrame(message.HTML) }]),
    ...(message.Text === '' ? [] : [{ name: 'Text', content: element('pre', {}, message.Text) }]),
    { name: 'Headers', content: headerTable(headers) },
  ]
  return [
    element('a', { href: '#', class: 'back' }, '← All mails'),
    element(
      'h2',
      { class: 'title', tabindex: '-1' },
      message.Subject === '' ? '(no subject)' : message.Subject,
    ),
    ...(number === undefined ? [] : [numberCard(number)]),
    facts({
      From: addressLine([message.From]),
      To: addressLine(message.To),
      Cc: addressLine(message.Cc),
      Bcc: addressLine(message.Bcc),
      'Reply to': addressLine(message.ReplyTo),
      Sent: SENT.format(new Date(message.Date)),
      Attachments: attachments.map(attachmentLine).join(', '),
    }),
    tabs('Parts of this mail', bodies),
  ]
}

/** The page when the hash names a mail that has left. */
export function goneView() {
  return [
    element('a', { href: '#', class: 'back' }, '← All mails'),
    element('h2', { class: 'title', tabindex: '-1' }, 'This mail is gone'),
    element('p', {}, 'It was deleted, or newer mails took its place.'),
  ]
}

/** @param {{ shown: string, digits: string }} number */
function numberCard({ shown, digits }) {
  return element(
    'section',
    { class: 'number', 'aria-label': 'Number' },
    element('output', {}, shown),
    copyButton('Copy number', digits),
  )
}

/**
 * The mail's HTML where it can do nothing: no scripts, no forms, no origin. Links open in a tab of their own.
 * @param {string} html
 */
function htmlFrame(html) {
  return element('iframe', {
    title: 'The mail as HTML',
    sandbox: 'allow-popups allow-popups-to-escape-sandbox',
    referrerpolicy: 'no-referrer',
    srcdoc: `<base target="_blank">${html}`,
  })
}

/** @param {Record<string, string[]>} headers */
function headerTable(headers) {
  const rows = Object.entries(headers).flatMap(([name, values]) =>
    values.map((value) => element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value))),
  )
  return element('table', {}, element('tbody', {}, ...rows))
}

/** @param {Record<string, string>} entries the empty ones are left out */
function facts(entries) {
  const shown = Object.entries(entries).filter(([, value]) => value !== '')
  return element(
    'dl',
    {},
    ...shown.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  )
}

/** @param {Attachment} attachment */
function attachmentLine({ FileName, ContentType, Size }) {
  return `${FileName === '' ? ContentType : FileName} (${Math.max(1, Math.round(Size / 1024))} KiB)`
}
