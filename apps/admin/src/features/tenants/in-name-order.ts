interface Named {
  readonly id: string
  readonly name: string
}

/** Sorts tenants as people look for them: by name, numbers in it by their value. The API sorts by id. */
export function inNameOrder<Tenant extends Named>(
  tenants: readonly Tenant[],
  locale: string,
): readonly Tenant[] {
  const { compare } = new Intl.Collator(locale, { numeric: true })
  return [...tenants].sort((one, other) => compare(one.name, other.name) || compare(one.id, other.id))
}
