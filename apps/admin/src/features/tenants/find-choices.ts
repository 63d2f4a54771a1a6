/** Tenants listed at once. Typing a part of the name finds the others. */
const LISTED = 100

/** The first tenants whose name or id contains a text. */
export function findChoices<Choice extends { readonly id: string; readonly name: string }>(
  tenants: readonly Choice[],
  text: string,
): readonly Choice[] {
  const wanted = text.trim().toLowerCase()
  return tenants
    .filter(({ id, name }) => id.includes(wanted) || name.toLowerCase().includes(wanted))
    .slice(0, LISTED)
}
