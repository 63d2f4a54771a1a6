import { namedMissesPerHour } from '@emailauth/contracts/number-policy'
import type { Rate, TenantSettings } from '@emailauth/contracts/tenants'

/** A tenant's rates as the Lua rules read them: "max:windowMs", comma-separated. */
export interface RateArguments {
  readonly mailsPerAddress: string
  readonly registersPerClientIp: string
  readonly registersPerWiderNetwork: string
  readonly missesPerClientIp: string
  readonly missesPerWiderNetwork: string
  /** Registrations in one partition. */
  readonly registersPerTenant: string
  readonly missBudget: string
  /** In one partition: misses that name an identity, with NUMBER. */
  readonly namedMisses: string
}

/** Misses of a tenant are counted over this window. */
const HOUR_SECONDS = 3600
/** An IPv6 /48 may be one customer or many, so it gets as much as so many networks of /64. */
const WIDER_NETWORK_FACTOR = 16

// Settings are the same object for as long as a tenant is cached, and every call needs them in this form.
const known = new WeakMap<TenantSettings, RateArguments>()

/** @param partitions of a tenant: what is counted in each of them gets a share. */
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
 * What one partition may have of a tenant's total. Addresses are spread over partitions at random, so each gets three standard
 * deviations more than its share, or a tenant would meet its limit too early.
 */
export function fairShare(total: number, partitions: number): number {
  if (partitions === 1) return total
  const share = total / partitions
  return Math.ceil(share + 3 * Math.sqrt(share))
}

function toArgument(rates: readonly Rate[]): string {
  return rates.map(({ max, windowSeconds }) => `${max}:${windowSeconds * 1000}`).join(',')
}
