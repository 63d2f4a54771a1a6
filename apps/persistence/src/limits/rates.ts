import { namedMissesPerHour } from '@emailauth/contracts/number-policy'
import type { Rate, TenantSettings } from '@emailauth/contracts/tenants'

/** A tenant's rates as the Lua rules read them: "max:windowMs", separated by commas. */
export interface RateArguments {
  readonly mailsPerAddress: string
  readonly registersPerClientIp: string
  readonly registersPerWiderNetwork: string
  readonly missesPerClientIp: string
  readonly missesPerWiderNetwork: string
  /** Registrations in one partition. */
  readonly registersPerTenant: string
  readonly missBudget: string
  /** Misses in one partition that name an identity, with NUMBER. */
  readonly namedMisses: string
}

/** The window of a tenant's misses. */
const HOUR_SECONDS = 3600
/** An IPv6 /48 may be one customer or many, so it gets as much as this many /64 networks. */
const WIDER_NETWORK_FACTOR = 16

// Every call needs these arguments. A cached tenant keeps its settings object, so that is the key.
const known = new WeakMap<TenantSettings, RateArguments>()

/** @param partitions of a tenant. Limits that are counted in each partition get a share. */
export function ratesOf(settings: TenantSettings, partitions: number): RateArguments {
  const found = known.get(settings)
  if (found !== undefined) return found
  const { mailsPerAddress, registersPerClientIp, missesPerClientIp, registersPerTenant } = settings
  const made = {
    mailsPerAddress: toArgument(mailsPerAddress),
    registersPerClientIp: toArgument([registersPerClientIp]),
    registersPerWiderNetwork: toArgument([wider(registersPerClientIp)]),
    missesPerClientIp: toArgument([missesPerClientIp]),
    missesPerWiderNetwork: toArgument([wider(missesPerClientIp)]),
    registersPerTenant: toArgument([
      { ...registersPerTenant, max: fairShare(registersPerTenant.max, partitions) },
    ]),
    missBudget: toArgument([{ max: settings.missBudgetPerHour, windowSeconds: HOUR_SECONDS }]),
    namedMisses: toArgument([
      { max: Math.floor(namedMissesPerHour(settings) / partitions), windowSeconds: HOUR_SECONDS },
    ]),
  }
  known.set(settings, made)
  return made
}

const wider = ({ max, windowSeconds }: Rate): Rate => ({ max: max * WIDER_NETWORK_FACTOR, windowSeconds })

/**
 * The limit in one partition. Addresses are spread over partitions at random. So each partition gets three
 * standard deviations more than its share, or a tenant would reach its limit too early.
 */
export function fairShare(total: number, partitions: number): number {
  if (partitions === 1) return total
  const share = total / partitions
  return Math.ceil(share + 3 * Math.sqrt(share))
}

function toArgument(rates: readonly Rate[]): string {
  return rates.map(({ max, windowSeconds }) => `${max}:${windowSeconds * 1000}`).join(',')
}
