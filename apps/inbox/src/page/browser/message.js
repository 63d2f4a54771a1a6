import { addressLine } from './address.js'
import { deleteMessage, fetchSource, markUnread, messageUrl } from './api.js'
import { copyButton } from './copy.js'
import { element } from './element.js'
import { htmlView } from './html-view.js'
import { icon } from './icons.js'
import { dateFormat, t } from './language.js'
import { linksOf } from './links.js'
import { findNumber } from './number.js'
import { attachmentList, headerTable, linkTable, sourceView } from './parts.js'
import { tabs } from './tabs.js'

/** @import { Message } from './api.js' */

const SENT = dateFormat({ dateStyle: 'medium', timeStyle: 'medium' })

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
        message.Subject === '' ? t('noSubject') : message.Subject,
      ),
      actions(message, onLeave),
    ),
    ...(number === undefined ? [] : [numberCard(number)]),
    facts({
      [t('from')]: addressLine([message.From]),
      [t('to')]: addressLine(message.To),
      [t('cc')]: addressLine(message.Cc),
      [t('bcc')]: addressLine(message.Bcc),
      [t('replyTo')]: addressLine(message.ReplyTo),
      [t('username')]: message.Username,
      [t('sent')]: SENT.format(new Date(message.Date)),
    }),
    tabs(t('parts'), [
      ...(message.HTML === '' ? [] : [{ id: 'html', name: t('html'), content: () => htmlView(message) }]),
      ...(message.Text === ''
        ? []
        : [{ id: 'text', name: t('text'), content: () => element('pre', {}, message.Text) }]),
      { id: 'source', name: t('source'), content: () => sourceView(() => fetchSource(message.ID)) },
      { id: 'headers', name: t('headers'), content: () => headerTable(headers) },
      ...(links.length === 0
        ? []
        : [{ id: 'links', name: t('links'), count: links.length, content: () => linkTable(links) }]),
      ...(attachments.length === 0
        ? []
        : [
            {
              id: 'attachments',
              name: t('attachments'),
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
    element('h2', { class: 'title', tabindex: '-1' }, t('gone')),
    element('p', { class: 'dimmed' }, t('goneHint')),
  ]
}

function backLink() {
  return element('a', { href: '#', class: 'back' }, icon('back'), t('back'))
}

/**
 * @param {Message} message
 * @param {() => void} onLeave
 */
function actions({ ID }, onLeave) {
  const unread = element('button', { type: 'button', class: 'with-icon' }, icon('mail'), t('markUnread'))
  unread.addEventListener('click', () => markUnread(ID).then(onLeave, () => undefined))
  const remove = element(
    'button',
    { type: 'button', class: 'with-icon quiet-danger' },
    icon('trash'),
    t('delete'),
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
    { class: 'number', 'aria-label': t('number') },
    element('output', {}, shown),
    copyButton(digits, { label: t('copyNumber'), class: 'primary' }),
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
