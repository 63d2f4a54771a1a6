interface TenantNameProps {
  readonly id: string
  readonly names: ReadonlyMap<string, string>
}

/** A tenant by its name, with its id on hover. By its id alone if it has no name here. */
export function TenantName({ id, names }: TenantNameProps) {
  return <bdi title={id}>{names.get(id) ?? id}</bdi>
}
