import { expect, test } from 'vitest'
import { textsIn as textsOfPage } from '../../apps/gateway/src/hosted-page/texts.ts'
import { LANGUAGES } from '../../packages/contracts/src/languages.ts'
import { textsIn as textsOfField } from '../../packages/react/src/texts/texts.ts'

const withoutIsolates = (text: string) => text.replace(/[\u2068\u2069]/g, '')

test.each(LANGUAGES)('in %s the hosted page and the field of @emailauth/react say the same', (language) => {
  const [page, field] = [textsOfPage(language), textsOfField(language)]
  for (const name of ['label', 'resend', 'resendIn', 'resent', 'limited'] as const) {
    expect(withoutIsolates(field[name]), name).toBe(page[name])
  }
})
