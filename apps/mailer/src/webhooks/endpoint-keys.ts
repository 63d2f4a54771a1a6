/** Prefix of all keys of an endpoint. They share a hash slot. */
export const endpointKeys = (id: string): string => `ea:mail:{webhook:${id}}:`

/** Key of the set of a tenant's endpoints for which events were handed over. */
export const endpointsOf = (tenantId: string): string => `ea:mail:{webhooks-of:${tenantId}}`
