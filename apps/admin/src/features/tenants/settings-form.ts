import { guessingRisk, LEAST_LIVE, namedMissesPerHour, riskFault } from '@emailauth/contracts/number-policy'
import type { TenantDetailsQuery, TenantSetting, TenantSettingsInput } from '../../generated/graphql.ts'
import { recordOf } from '../../lib/typed-record.ts'

export type Settings = NonNullable<TenantDetailsQuery['tenant']>['settings']

/** The form's fields by name. All are texts until they are sent. */
export const FIELDS = {
  verification: [
    ['verification', 'mode'],
    ['boundDigits', 'number'],
    ['boundTries', 'number'],
    ['acceptedRisk', 'risk'],
    ['ttlSeconds', 'number'],
    ['locale', 'text'],
  ],
  limits: [
    ['mailsPerAddress', 'rates'],
    ['registersPerClientIp', 'rate'],
    ['missesPerClientIp', 'rate'],
    ['missBudgetPerHour', 'number'],
    ['registersPerTenant', 'rate'],
  ],
  sender: [
    ['mail.senderName', 'text'],
    ['mail.senderAddress', 'text'],
    ['mail.replyTo', 'text'],
    ['mail.smtpUrl', 'secret'],
    ['mail.headers', 'headers'],
  ],
  page: [['returnUrls', 'lines']],
  test: [['testAddresses', 'lines']],
} as const

export type SectionName = keyof typeof FIELDS
export type FieldName = (typeof FIELDS)[SectionName][number][0]
type Kind = (typeof FIELDS)[SectionName][number][1]
export type Values = Readonly<Record<FieldName, string>>

const ALL: readonly (readonly [FieldName, Kind])[] = Object.values(FIELDS).flat()

type WithoutGroup<Name extends string> = Name extends `mail.${infer Field}` ? Field : Name

/** The key of a field's texts: its name without the group. */
export const textKeyOf = <Name extends FieldName>(name: Name) =>
  name.replace('mail.', '') as WithoutGroup<Name>

/** `5 / 600`: count and seconds. */
const writeRate = ({ max, windowSeconds }: { max: number; windowSeconds: number }) =>
  `${max} / ${windowSeconds}`

export function toValues(settings: Settings): Values {
  const kinds = new Map(ALL)
  return recordOf(
    ALL.map(([name]) => name),
    (name) => {
      const value = read(settings, name)
      const kind = kinds.get(name)
      if (kind === 'secret' || value === null || value === undefined) return ''
      // The kind of a field says the type of its setting.
      if (kind === 'rate') return writeRate(value as Settings['registersPerClientIp'])
      if (kind === 'lines') return (value as string[]).join('\n')
      if (kind === 'headers') return (value as Header[]).map(writeHeader).join('\n')
      if (kind === 'rates') return (value as Settings['mailsPerAddress']).map(writeRate).join(', ')
      return String(value)
    },
  )
}

/** The values by labels, as two versions are compared. A typed relay is shown without user and password. */
export function shownValues(
  values: Values,
  { mail: { smtpServer } }: Settings,
  labelOf: (name: FieldName) => string,
): Readonly<Record<string, string>> {
  const typed = values['mail.smtpUrl'].trim()
  const server = URL.canParse(typed) ? `${new URL(typed).host} ••••` : (smtpServer ?? '')
  return Object.fromEntries(
    ALL.map(([name]) => [labelOf(name), name === 'mail.smtpUrl' ? server : values[name].trim()]),
  )
}

function read(settings: Settings, name: FieldName): unknown {
  const [, field] = name.split('.')
  const [fields, wanted] = field === undefined ? [settings, name] : [settings.mail, field]
  return Object.entries(fields).find(([key]) => key === wanted)?.[1]
}

interface Header {
  readonly name: string
  readonly value: string
}

const writeHeader = ({ name, value }: Header) => `${name}: ${value}`
const HEADER = /^\s*([\w-]+)\s*:\s*(\S.*?)\s*$/
const linesOf = (text: string) =>
  text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
const RATE = /^\s*(\d+)\s*\/\s*(\d+)\s*$/

/** The first invalid field, if any. An empty one asks for the default. */
export function faultIn(values: Values): FieldName | undefined {
  return ALL.find(([name, kind]) => {
    const text = values[name].trim()
    if (text === '') return false
    if (kind === 'number') return !/^\d+$/.test(text)
    if (kind === 'risk') return !(Number(text) >= 1e-9 && Number(text) <= 1e-5)
    if (kind === 'rate') return !RATE.test(text)
    if (kind === 'headers') return !linesOf(text).every((line) => HEADER.test(line))
    if (kind === 'rates') return !text.split(',').every((rate) => RATE.test(rate))
    return false
  })?.[0]
}

/** How the API names the settings that go back to their defaults when their fields are emptied. */
const RESETS: Readonly<Partial<Record<FieldName, TenantSetting>>> = {
  boundDigits: 'BOUND_DIGITS',
  boundTries: 'BOUND_TRIES',
  acceptedRisk: 'ACCEPTED_RISK',
  ttlSeconds: 'TTL_SECONDS',
  locale: 'LOCALE',
  mailsPerAddress: 'MAILS_PER_ADDRESS',
  registersPerClientIp: 'REGISTERS_PER_CLIENT_IP',
  missesPerClientIp: 'MISSES_PER_CLIENT_IP',
  missBudgetPerHour: 'MISS_BUDGET_PER_HOUR',
  registersPerTenant: 'REGISTERS_PER_TENANT',
  testAddresses: 'TEST_ADDRESSES',
}

interface Changes {
  readonly settings?: TenantSettingsInput
  readonly reset?: TenantSetting[]
}

/** Only the changed fields. An emptied one gets its default again; of mails that is none. */
export function changesOf(before: Values, after: Values): Changes {
  const rules: Record<string, unknown> = {}
  const mail: Record<string, unknown> = {}
  const reset: TenantSetting[] = []
  for (const [name, kind] of ALL) {
    const text = after[name].trim()
    if (text === before[name].trim()) continue
    const [group = '', field] = name.split('.')
    const value = parsed(kind, text)
    const setting = text === '' ? RESETS[name] : undefined
    if (setting !== undefined) reset.push(setting)
    else if (field === undefined) rules[group] = value
    else mail[field] = text === '' ? null : value
  }
  const settings = { ...rules, ...(Object.keys(mail).length > 0 && { mail }) }
  return {
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(reset.length > 0 && { reset }),
  }
}

function parsed(kind: Kind, text: string): unknown {
  if (kind === 'number' || kind === 'risk') return Number(text)
  if (kind === 'rate') return toRate(text)
  if (kind === 'lines') return linesOf(text)
  if (kind === 'headers') return linesOf(text).map(toHeader)
  return kind === 'rates' ? text.split(',').map(toRate) : text
}

function toHeader(line: string): Header {
  const [, name = '', value = ''] = HEADER.exec(line) ?? []
  return { name, value }
}

function toRate(text: string) {
  const [, max, windowSeconds] = RATE.exec(text) ?? []
  return { max: Number(max), windowSeconds: Number(windowSeconds) }
}

/** The risk that the typed values accept, with the numbers of its arithmetic. */
interface TypedRisk {
  readonly digits: number
  readonly isTooHigh: boolean
  readonly per: 'HOUR' | 'IDENTITY'
  /** What its sentence is made of, as `guessingRisk` says it in English. */
  readonly arithmetic: Readonly<Record<'misses' | 'live' | 'named' | 'tries' | 'digits', number>> &
    Readonly<Record<'chance' | 'accepted', string>>
}

/** Undefined while the typed values cannot be read. */
export function riskOf(values: Values): TypedRisk | undefined {
  const number = (name: FieldName) => Number(values[name].trim() === '' ? Number.NaN : values[name])
  const settings = {
    verification: values.verification === 'BOUND' ? ('BOUND' as const) : ('NUMBER' as const),
    missBudgetPerHour: number('missBudgetPerHour'),
    boundDigits: number('boundDigits'),
    boundTries: number('boundTries'),
    acceptedRisk: number('acceptedRisk'),
  }
  if (Object.values(settings).some((value) => typeof value === 'number' && !(value > 0))) return undefined
  const { per, digits, chance } = guessingRisk(settings)
  const arithmetic = {
    misses: settings.missBudgetPerHour,
    live: LEAST_LIVE,
    named: namedMissesPerHour(settings),
    tries: settings.boundTries,
    digits: per === 'HOUR' ? digits : settings.boundDigits,
    chance: chance.toExponential(1),
    accepted: settings.acceptedRisk.toExponential(1),
  }
  return { digits, per, isTooHigh: riskFault(settings) !== undefined, arithmetic }
}
