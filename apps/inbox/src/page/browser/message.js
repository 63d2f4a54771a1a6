import { deleteMessage, fetchSource, markUnread, messageUrl } from './api.js'
import { copyButton } from './copy.js'
import { element } from './element.js'
import { htmlView } from './html-view.js'
import { icon } from './icons.js'
import { linksOf } from './links.js'
import { addressLine } from './list.js'
import { findNumber } from './number.js'
import { attachmentList, headerTable, linkTable, sourceView } from './parts.js'
import { tabs } from './tabs.js'

/** @import { Message } from './api.js' */

const SENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/**
 * One mail: who, to whom, the number large, then its parts.
 * @param {Message} message
 * @param {Record<string, string[]>} headers
 * @param {{ onLeave: () => void }} callbacks `onLeave` when the mail was deleted or marked as unread
 */
export function messageView(message, headers, { onLeave }) {
  const number = findNumber(message.Subject, message.Text)
  const links = linksOf(message.HTML, message.Text)
  const attachments = [...message.Inline, ...message.Attachments]
  return [
    backLink(),
    element(
      'div',
      { class: 'title-row' },
      element(
        'h2',
        { class: 'title', tabindex: '-1' },
        message.Subject === '' ? '(no subject)' : message.Subject,
      ),
      actions(message, onLeave),
    ),
    ...(number === undefined ? [] : [numberCard(number)]),
    facts({
      From: addressLine([message.From]),
      To: addressLine(message.To),
      Cc: addressLine(message.Cc),
      Bcc: addressLine(message.Bcc),
      'Reply to': addressLine(message.ReplyTo),
      'Signed in as': message.Username,
      Sent: SENT.format(new Date(message.Date)),
    }),
    tabs('Parts of this mail', [
      ...(message.HTML === '' ? [] : [{ name: 'HTML', content: () => htmlView(message) }]),
      ...(message.Text === '' ? [] : [{ name: 'Text', content: () => element('pre', {}, message.Text) }]),
      { name: 'Source', content: () => sourceView(() => fetchSource(message.ID)) },
      { name: 'Headers', content: () => headerTable(headers) },
      ...(links.length === 0
        ? []
        : [{ name: 'Links', count: links.length, content: () => linkTable(links) }]),
      ...(attachments.length === 0
        ? []
        : [
            {
              name: 'Attachments',
              count: attachments.length,
              content: () => attachmentList(attachments, `${messageUrl(message.ID)}/part/`),
            },
          ]),
    ]),
  ]
}

/** The page when the hash names a mail that has left. */
export function goneView() {
  return [
    backLink(),
    element('h2', { class: 'title', tabindex: '-1' }, 'This mail is gone'),
    element('p', { class: 'dimmed' }, 'It was deleted, or newer mails took its place.'),
  ]
}

function backLink() {
  return element('a', { href: '#', class: 'back' }, icon('back'), 'All mails')
}

/**
 * @param {Message} message
 * @param {() => void} onLeave
 */
function actions({ ID }, onLeave) {
  const unread = element('button', { type: 'button', class: 'with-icon' }, icon('mail'), 'Mark unread')
  unread.addEventListener('click', () => markUnread(ID).then(onLeave, () => undefined))
  const remove = element(
    'button',
    { type: 'button', class: 'with-icon quiet-danger' },
    icon('trash'),
    'Delete',
  )
  remove.addEventListener('click', () => deleteMessage(ID).then(onLeave, () => undefined))
  return element(
    'div',
    { class: 'actions' },
    element(
      'a',
      { class: 'button with-icon', href: `${messageUrl(ID)}/raw?dl=1`, download: `${ID}.eml` },
      icon('download'),
      '.eml',
    ),
    unread,
    remove,
  )
}

/** @param {{ shown: string, digits: string }} number */
function numberCard({ shown, digits }) {
  return element(
    'section',
    { class: 'number', 'aria-label': 'Number' },
    element('output', {}, shown),
    copyButton(digits, { label: 'Copy number', class: 'primary' }),
  )
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
