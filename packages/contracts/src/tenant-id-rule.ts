/** The rule of a tenant's id as help for people, to follow the name of a field. */
export const TENANT_ID_RULE = 'must be 2 to 40 of a-z, 0-9 and "-", beginning with a letter.'
