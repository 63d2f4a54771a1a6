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
    "fragment IdentityDetails on Identity {\n  id\n  email\n  createdAt\n  expiresAt\n  tenant {\n    id\n    name\n  }\n  delivery {\n    state\n    attempts\n    reason\n    nextAttemptAt\n    updatedAt\n  }\n}\n\nquery IdentityPage($first: Int!, $after: String, $filter: IdentityFilter) {\n  identities(first: $first, after: $after, filter: $filter) {\n    nodes {\n      ...IdentityDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n    totalCount\n  }\n}\n\nquery NewestIdentities($first: Int!, $filter: IdentityFilter) {\n  identities(first: $first, filter: $filter) {\n    nodes {\n      id\n      createdAt\n    }\n  }\n}\n\nquery OneIdentity($id: ID!) {\n  identity(id: $id) {\n    ...IdentityDetails\n  }\n}\n\nquery TenantChoices {\n  tenants {\n    id\n    name\n  }\n}\n\nmutation RevokeIdentity($id: ID!) {\n  revokeIdentity(id: $id)\n}": typeof types.IdentityDetailsFragmentDoc,
    "mutation RequestSignIn($email: String!) {\n  requestSignIn(email: $email)\n}\n\nmutation SignIn($number: String!) {\n  signIn(number: $number) {\n    __typename\n    ... on RateLimited {\n      retryAfterSeconds\n    }\n  }\n}\n\nmutation SignOut {\n  signOut\n}": typeof types.RequestSignInDocument,
    "query Viewer {\n  viewer {\n    scope\n  }\n}": typeof types.ViewerDocument,
};
const documents: Documents = {
    "fragment IdentityDetails on Identity {\n  id\n  email\n  createdAt\n  expiresAt\n  tenant {\n    id\n    name\n  }\n  delivery {\n    state\n    attempts\n    reason\n    nextAttemptAt\n    updatedAt\n  }\n}\n\nquery IdentityPage($first: Int!, $after: String, $filter: IdentityFilter) {\n  identities(first: $first, after: $after, filter: $filter) {\n    nodes {\n      ...IdentityDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n    totalCount\n  }\n}\n\nquery NewestIdentities($first: Int!, $filter: IdentityFilter) {\n  identities(first: $first, filter: $filter) {\n    nodes {\n      id\n      createdAt\n    }\n  }\n}\n\nquery OneIdentity($id: ID!) {\n  identity(id: $id) {\n    ...IdentityDetails\n  }\n}\n\nquery TenantChoices {\n  tenants {\n    id\n    name\n  }\n}\n\nmutation RevokeIdentity($id: ID!) {\n  revokeIdentity(id: $id)\n}": types.IdentityDetailsFragmentDoc,
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
export function graphql(source: "fragment IdentityDetails on Identity {\n  id\n  email\n  createdAt\n  expiresAt\n  tenant {\n    id\n    name\n  }\n  delivery {\n    state\n    attempts\n    reason\n    nextAttemptAt\n    updatedAt\n  }\n}\n\nquery IdentityPage($first: Int!, $after: String, $filter: IdentityFilter) {\n  identities(first: $first, after: $after, filter: $filter) {\n    nodes {\n      ...IdentityDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n    totalCount\n  }\n}\n\nquery NewestIdentities($first: Int!, $filter: IdentityFilter) {\n  identities(first: $first, filter: $filter) {\n    nodes {\n      id\n      createdAt\n    }\n  }\n}\n\nquery OneIdentity($id: ID!) {\n  identity(id: $id) {\n    ...IdentityDetails\n  }\n}\n\nquery TenantChoices {\n  tenants {\n    id\n    name\n  }\n}\n\nmutation RevokeIdentity($id: ID!) {\n  revokeIdentity(id: $id)\n}"): (typeof documents)["fragment IdentityDetails on Identity {\n  id\n  email\n  createdAt\n  expiresAt\n  tenant {\n    id\n    name\n  }\n  delivery {\n    state\n    attempts\n    reason\n    nextAttemptAt\n    updatedAt\n  }\n}\n\nquery IdentityPage($first: Int!, $after: String, $filter: IdentityFilter) {\n  identities(first: $first, after: $after, filter: $filter) {\n    nodes {\n      ...IdentityDetails\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n    totalCount\n  }\n}\n\nquery NewestIdentities($first: Int!, $filter: IdentityFilter) {\n  identities(first: $first, filter: $filter) {\n    nodes {\n      id\n      createdAt\n    }\n  }\n}\n\nquery OneIdentity($id: ID!) {\n  identity(id: $id) {\n    ...IdentityDetails\n  }\n}\n\nquery TenantChoices {\n  tenants {\n    id\n    name\n  }\n}\n\nmutation RevokeIdentity($id: ID!) {\n  revokeIdentity(id: $id)\n}"];
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