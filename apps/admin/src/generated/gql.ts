/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "fragment EventDetails on Event {\n  cursor\n  type\n  at\n  tenantId\n  identityId\n  email\n  actor {\n    kind\n    id\n  }\n  target\n}\n\nquery EventPage($first: Int!, $after: String, $tenantId: ID, $types: [EventType!]) {\n  events(first: $first, after: $after, tenantId: $tenantId, types: $types) {\n    nodes {\n      ...EventDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n  }\n}\n\nsubscription LiveEvents($after: String, $tenantId: ID, $types: [EventType!]) {\n  events(after: $after, tenantId: $tenantId, types: $types) {\n    ...EventDetails\n  }\n}\n\nquery EventStatistics($from: DateTime!, $step: StatisticsStep!, $tenantId: ID) {\n  statistics(from: $from, step: $step, tenantId: $tenantId) {\n    waitBoundsSeconds\n    buckets {\n      from\n      counts {\n        of\n        count\n      }\n      waits\n    }\n  }\n}": typeof types.EventDetailsFragmentDoc,
    "fragment IdentityDetails on Identity {\n  id\n  email\n  createdAt\n  expiresAt\n  tenant {\n    id\n    name\n  }\n  delivery {\n    state\n    attempts\n    reason\n    nextAttemptAt\n    updatedAt\n  }\n}\n\nquery IdentityPage($first: Int!, $after: String, $filter: IdentityFilter) {\n  identities(first: $first, after: $after, filter: $filter) {\n    nodes {\n      ...IdentityDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n    totalCount\n  }\n}\n\nquery NewestIdentities($first: Int!, $filter: IdentityFilter) {\n  identities(first: $first, filter: $filter) {\n    nodes {\n      id\n      createdAt\n    }\n  }\n}\n\nquery OneIdentity($id: ID!) {\n  identity(id: $id) {\n    ...IdentityDetails\n  }\n}\n\nquery TenantChoices {\n  tenants {\n    id\n    name\n  }\n}\n\nmutation RevokeIdentity($id: ID!) {\n  revokeIdentity(id: $id)\n}": typeof types.IdentityDetailsFragmentDoc,
    "query Sessions {\n  sessions {\n    id\n    email\n    createdAt\n    expiresAt\n    idleExpiresAt\n  }\n  viewer {\n    session {\n      id\n    }\n  }\n}\n\nmutation RevokeSession($id: ID!) {\n  revokeSession(id: $id)\n}": typeof types.SessionsDocument,
    "mutation RequestSignIn($email: String!) {\n  requestSignIn(email: $email)\n}\n\nmutation SignIn($number: String!) {\n  signIn(number: $number) {\n    __typename\n    ... on RateLimited {\n      retryAfterSeconds\n    }\n  }\n}\n\nmutation SignOut {\n  signOut\n}": typeof types.RequestSignInDocument,
    "query Viewer {\n  viewer {\n    scope\n  }\n}": typeof types.ViewerDocument,
};
const documents: Documents = {
    "fragment EventDetails on Event {\n  cursor\n  type\n  at\n  tenantId\n  identityId\n  email\n  actor {\n    kind\n    id\n  }\n  target\n}\n\nquery EventPage($first: Int!, $after: String, $tenantId: ID, $types: [EventType!]) {\n  events(first: $first, after: $after, tenantId: $tenantId, types: $types) {\n    nodes {\n      ...EventDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n  }\n}\n\nsubscription LiveEvents($after: String, $tenantId: ID, $types: [EventType!]) {\n  events(after: $after, tenantId: $tenantId, types: $types) {\n    ...EventDetails\n  }\n}\n\nquery EventStatistics($from: DateTime!, $step: StatisticsStep!, $tenantId: ID) {\n  statistics(from: $from, step: $step, tenantId: $tenantId) {\n    waitBoundsSeconds\n    buckets {\n      from\n      counts {\n        of\n        count\n      }\n      waits\n    }\n  }\n}": types.EventDetailsFragmentDoc,
    "fragment IdentityDetails on Identity {\n  id\n  email\n  createdAt\n  expiresAt\n  tenant {\n    id\n    name\n  }\n  delivery {\n    state\n    attempts\n    reason\n    nextAttemptAt\n    updatedAt\n  }\n}\n\nquery IdentityPage($first: Int!, $after: String, $filter: IdentityFilter) {\n  identities(first: $first, after: $after, filter: $filter) {\n    nodes {\n      ...IdentityDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n    totalCount\n  }\n}\n\nquery NewestIdentities($first: Int!, $filter: IdentityFilter) {\n  identities(first: $first, filter: $filter) {\n    nodes {\n      id\n      createdAt\n    }\n  }\n}\n\nquery OneIdentity($id: ID!) {\n  identity(id: $id) {\n    ...IdentityDetails\n  }\n}\n\nquery TenantChoices {\n  tenants {\n    id\n    name\n  }\n}\n\nmutation RevokeIdentity($id: ID!) {\n  revokeIdentity(id: $id)\n}": types.IdentityDetailsFragmentDoc,
    "query Sessions {\n  sessions {\n    id\n    email\n    createdAt\n    expiresAt\n    idleExpiresAt\n  }\n  viewer {\n    session {\n      id\n    }\n  }\n}\n\nmutation RevokeSession($id: ID!) {\n  revokeSession(id: $id)\n}": types.SessionsDocument,
    "mutation RequestSignIn($email: String!) {\n  requestSignIn(email: $email)\n}\n\nmutation SignIn($number: String!) {\n  signIn(number: $number) {\n    __typename\n    ... on RateLimited {\n      retryAfterSeconds\n    }\n  }\n}\n\nmutation SignOut {\n  signOut\n}": types.RequestSignInDocument,
    "query Viewer {\n  viewer {\n    scope\n  }\n}": types.ViewerDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment EventDetails on Event {\n  cursor\n  type\n  at\n  tenantId\n  identityId\n  email\n  actor {\n    kind\n    id\n  }\n  target\n}\n\nquery EventPage($first: Int!, $after: String, $tenantId: ID, $types: [EventType!]) {\n  events(first: $first, after: $after, tenantId: $tenantId, types: $types) {\n    nodes {\n      ...EventDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n  }\n}\n\nsubscription LiveEvents($after: String, $tenantId: ID, $types: [EventType!]) {\n  events(after: $after, tenantId: $tenantId, types: $types) {\n    ...EventDetails\n  }\n}\n\nquery EventStatistics($from: DateTime!, $step: StatisticsStep!, $tenantId: ID) {\n  statistics(from: $from, step: $step, tenantId: $tenantId) {\n    waitBoundsSeconds\n    buckets {\n      from\n      counts {\n        of\n        count\n      }\n      waits\n    }\n  }\n}"): (typeof documents)["fragment EventDetails on Event {\n  cursor\n  type\n  at\n  tenantId\n  identityId\n  email\n  actor {\n    kind\n    id\n  }\n  target\n}\n\nquery EventPage($first: Int!, $after: String, $tenantId: ID, $types: [EventType!]) {\n  events(first: $first, after: $after, tenantId: $tenantId, types: $types) {\n    nodes {\n      ...EventDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n  }\n}\n\nsubscription LiveEvents($after: String, $tenantId: ID, $types: [EventType!]) {\n  events(after: $after, tenantId: $tenantId, types: $types) {\n    ...EventDetails\n  }\n}\n\nquery EventStatistics($from: DateTime!, $step: StatisticsStep!, $tenantId: ID) {\n  statistics(from: $from, step: $step, tenantId: $tenantId) {\n    waitBoundsSeconds\n    buckets {\n      from\n      counts {\n        of\n        count\n      }\n      waits\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment IdentityDetails on Identity {\n  id\n  email\n  createdAt\n  expiresAt\n  tenant {\n    id\n    name\n  }\n  delivery {\n    state\n    attempts\n    reason\n    nextAttemptAt\n    updatedAt\n  }\n}\n\nquery IdentityPage($first: Int!, $after: String, $filter: IdentityFilter) {\n  identities(first: $first, after: $after, filter: $filter) {\n    nodes {\n      ...IdentityDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n    totalCount\n  }\n}\n\nquery NewestIdentities($first: Int!, $filter: IdentityFilter) {\n  identities(first: $first, filter: $filter) {\n    nodes {\n      id\n      createdAt\n    }\n  }\n}\n\nquery OneIdentity($id: ID!) {\n  identity(id: $id) {\n    ...IdentityDetails\n  }\n}\n\nquery TenantChoices {\n  tenants {\n    id\n    name\n  }\n}\n\nmutation RevokeIdentity($id: ID!) {\n  revokeIdentity(id: $id)\n}"): (typeof documents)["fragment IdentityDetails on Identity {\n  id\n  email\n  createdAt\n  expiresAt\n  tenant {\n    id\n    name\n  }\n  delivery {\n    state\n    attempts\n    reason\n    nextAttemptAt\n    updatedAt\n  }\n}\n\nquery IdentityPage($first: Int!, $after: String, $filter: IdentityFilter) {\n  identities(first: $first, after: $after, filter: $filter) {\n    nodes {\n      ...IdentityDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n    totalCount\n  }\n}\n\nquery NewestIdentities($first: Int!, $filter: IdentityFilter) {\n  identities(first: $first, filter: $filter) {\n    nodes {\n      id\n      createdAt\n    }\n  }\n}\n\nquery OneIdentity($id: ID!) {\n  identity(id: $id) {\n    ...IdentityDetails\n  }\n}\n\nquery TenantChoices {\n  tenants {\n    id\n    name\n  }\n}\n\nmutation RevokeIdentity($id: ID!) {\n  revokeIdentity(id: $id)\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Sessions {\n  sessions {\n    id\n    email\n    createdAt\n    expiresAt\n    idleExpiresAt\n  }\n  viewer {\n    session {\n      id\n    }\n  }\n}\n\nmutation RevokeSession($id: ID!) {\n  revokeSession(id: $id)\n}"): (typeof documents)["query Sessions {\n  sessions {\n    id\n    email\n    createdAt\n    expiresAt\n    idleExpiresAt\n  }\n  viewer {\n    session {\n      id\n    }\n  }\n}\n\nmutation RevokeSession($id: ID!) {\n  revokeSession(id: $id)\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RequestSignIn($email: String!) {\n  requestSignIn(email: $email)\n}\n\nmutation SignIn($number: String!) {\n  signIn(number: $number) {\n    __typename\n    ... on RateLimited {\n      retryAfterSeconds\n    }\n  }\n}\n\nmutation SignOut {\n  signOut\n}"): (typeof documents)["mutation RequestSignIn($email: String!) {\n  requestSignIn(email: $email)\n}\n\nmutation SignIn($number: String!) {\n  signIn(number: $number) {\n    __typename\n    ... on RateLimited {\n      retryAfterSeconds\n    }\n  }\n}\n\nmutation SignOut {\n  signOut\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Viewer {\n  viewer {\n    scope\n  }\n}"): (typeof documents)["query Viewer {\n  viewer {\n    scope\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;