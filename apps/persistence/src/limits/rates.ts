import type { Rate, TenantSettings } from '@emailauth/contracts/tenants'

/** A tenant's rates as the Lua rules read them: "max:windowMs", comma-separated. */
export interface RateArguments {
  readonly mailsPerAddress: string
  readonly registersPerClientIp: string
  readonly missesPerClientIp: string
  readonly missBudget: string
}

/** The tenant's misses are counted over this window. */
const BUDGET_WINDOW_SECONDS = 3600

// Settings are the same object for as long as a tenant is cached, and every call needs them in this form.
const known = new WeakMap<TenantSettings, RateArguments>()

export function ratesOf(settings: TenantSettings): RateArguments {
  const found = known.get(settings)
  if (found !== undefined) return found
  const made = {
    mailsPerAddress: toArgument(settings.mailsPerAddress),
    registersPerClientIp: toArgument([settings.registersPerClientIp]),
    missesPerClientIp: toArgument([settings.missesPerClientIp]),
    missBudget: toArgument([{ max: settings.missBudgetPerHour, windowSeconds: BUDGET_WINDOW_SECONDS }]),
  }
  known.set(settings, made)
  return made
}

function toArgument(rates: readonly Rate[]): string {
  return rates.map(({ max, windowSeconds }) => `${max}:${windowSeconds * 1000}`).join(',')
}
