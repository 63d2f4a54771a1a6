import { expectWithin } from '@emailauth/testing/timing'
import { expect, test } from 'vitest'
import { textOfHtml } from './html-text.ts'

const words = (html: string) => textOfHtml(html).replace(/\s+/g, ' ').trim()

test.each([
  ['<p>Hi &amp; <b>bye</b></p>', 'Hi & bye'],
  ['<STYLE>p{}</STYLE>a<script>if (1 < 2) "<p>"</script>b', 'a b'],
  ['1 &lt; 2 &#241; &unknown; 3 < 4', '1 < 2 ñ &unknown; 3 4'],
  ['&#128512; &#999999; &#9999999;', '\u{1f600} \u{f423f} &#9999999;'],
  ['Ada&#x27;s &#XF1; &#xfffff; &#x110000;', "Ada's ñ \u{fffff} &#x110000;"],
  ['<style>never closed', ''],
  ['', ''],
])('%j', (html, text) => {
  expect(words(html)).toBe(text)
})

test('a million open tags take no more than a moment', () => {
  const started = performance.now()
  textOfHtml('<style '.repeat(150_000))
  textOfHtml('<'.repeat(1_000_000))
  expectWithin(performance.now() - started, 2000)
})
