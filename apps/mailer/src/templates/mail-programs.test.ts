import { doIUseEmail } from '@jsx-email/doiuse-email'
import { expect, test } from 'vitest'
import { previewMail } from '../previews/preview-mail.ts'
import { NUMBER_MAIL_HTML } from './generated/number-mail-html.ts'

/**
 * What some mail programs do not support (caniemail.com), and why the mail works without it. Programs not
 * listed support everything.
 */
const DONE_WITHOUT: Readonly<Record<string, string>> = {
  '@media': 'no dark mode and the wide form, which is readable at 320 px too',
  '<body> element': 'its background: the outermost table has the same one',
  'border-radius': 'corners are square',
  'display:none': 'the preview line has no height',
  opacity: 'the preview line has no height',
  overflow: 'square corners of the coloured edge; the preview line is in the colour of the page at worst',
  'role attribute': 'a screen reader says that there is a table',
  'word-break': 'only a very long word needs it',
}
const LINK = 'https://shop.example/login#{number}'

test.each(['en', 'ar'])('%s: Outlook, Gmail and Apple Mail render all that matters', (locale) => {
  const mail = { logoUrl: 'https://shop.example/logo.png', linkTemplate: LINK, colour: '#aa0000' }
  const { html } = previewMail({ tenantName: 'Shop', locale, mail })
  const result = doIUseEmail(html, { emailClients: ['outlook.*', 'gmail.*', 'apple-mail.*'] })
  const missing = 'errors' in result ? result.errors : []
  expect(missing.length).toBeGreaterThan(0)
  for (const one of missing) {
    const [, feature = '', program = ''] = /^`(.+)` is not supported by `(.+)`$/.exec(one) ?? []
    expect(DONE_WITHOUT, `${feature} in ${program}`).toHaveProperty([feature])
  }
})

test('the check finds what those programs do not render', () => {
  const flex = '<!doctype html><html><body><div style="display:flex;position:fixed">x</div></body></html>'
  const result = doIUseEmail(flex, { emailClients: ['outlook.windows'] })
  expect('errors' in result && result.errors.join()).toMatch(/display:flex.*|position/)
})

test.each(Object.entries(NUMBER_MAIL_HTML))(
  'layout %j is made of tables, with what Word needs',
  (_, html) => {
    expect(html).not.toMatch(/flex|grid|position:|float|<div(?! style="display:none)|var\(|calc\(/)
    expect(html).toMatch(
      /<!--\[if mso\]><table role="presentation" align="center" width="480"><tr><td><!\[endif\]-->/,
    )
    expect(html.match(/<!--\[if mso\]>/g)).toHaveLength(3)
    expect(html.match(/<!\[endif\]-->/g)).toHaveLength(3)
    for (const table of html.match(/<table[^>]*>/g) ?? []) expect(table).toContain('role="presentation"')
  },
)
