import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { givenSettings, withTenantSettings } from './tenant-settings.ts'

const schema = readFileSync(new URL('../../../gateway/schema.graphql', import.meta.url), 'utf8')

/** The fields of an input type, as the schema prints it. */
function fieldsOf(input: string): string[] {
  const [, body = ''] = new RegExp(`^input ${input} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(schema) ?? []
  return [...body.matchAll(/^ {2}(\w+): /gm)].map(([, name = '']) => name).sort()
}

/** A value that the option with this name reads. */
function valueFor(flags: string): string {
  if (/<rates?>/.test(flags)) return '5/10m'
  if (/<(seconds|count)>/.test(flags))
    return flags.includes('digits') || flags.includes('tries') ? '8' : '600'
  if (flags.includes('<chance>')) return '1e-6'
  if (flags.includes('<mode>')) return 'bound'
  if (flags.includes('<yes|no>')) return 'no'
  if (flags.includes('<name: value>')) return 'X-Stream: codes'
  if (flags.includes('<file>')) return new URL('../../package.json', import.meta.url).pathname
  return 'text'
}

test('every setting of a tenant that the API takes has an option', async () => {
  const command = withTenantSettings(new Command('update')).action(() => {})
  // Options without a value, such as --no-return-url, only undo others.
  const withValue = command.options.filter(({ flags }) => flags.includes('<'))
  const args = withValue.flatMap(({ long, flags }) => [String(long), valueFor(flags)])
  await command.parseAsync(args, { from: 'user' })
  const settings = await givenSettings(
    command.opts(),
    Object.assign(new PassThrough(), { isTTY: false }) as never,
  )
  expect(fieldsOf('TenantSettingsInput').length).toBeGreaterThan(10)
  expect(Object.keys(settings ?? {}).sort()).toEqual(fieldsOf('TenantSettingsInput'))
  expect(Object.keys(settings?.mail ?? {}).sort()).toEqual(fieldsOf('TenantMailInput'))
})
