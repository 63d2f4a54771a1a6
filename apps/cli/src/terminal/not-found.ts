/** What a command says where nothing has the id, and what to do next: the arguments of `output.problem`. */
export const NO_SUCH_TENANT = ['There is no such tenant.', 'See: emailauth tenants list'] as const
export const NO_SUCH_ENDPOINT = ['There is no endpoint of this id.', 'See: emailauth webhooks list'] as const
export const NO_SUCH_IDENTITY = ['No live identity has this id.', 'See: emailauth identities'] as const
