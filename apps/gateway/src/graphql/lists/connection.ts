import { type ClassType, Field, ObjectType } from 'type-graphql'
import { PageInfo } from './page-info.types.ts'

/** One item of a page, with its position. */
export interface Edge<Node> {
  readonly cursor: string
  readonly node: Node
}

/** A page as a Relay connection: edges with cursors, and the items alone (`nodes`). */
export interface Connection<Node> {
  edges: Edge<Node>[]
  nodes: Node[]
  pageInfo: PageInfo
}

/** Defines the type `<name>Edge`. `item` names what it holds, such as `event`. */
export function edgeOf<Node extends object>(
  node: ClassType<Node>,
  name: string,
  item: string,
): ClassType<Edge<Node>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${item} of a page.` })
  class EdgeType {
    @Field(() => String, { description: 'Give it as `after` to read on from here.' })
    cursor!: string

    @Field(() => node, { description: `The ${item}.` })
    node!: Node
  }
  return EdgeType
}

interface ConnectionWords {
  /** Name of the items' type. */
  readonly name: string
  /** One item and several, such as `event` and `events`. */
  readonly item: string
  readonly items: string
  readonly description: string
}

/** Defines the types `<name>Connection` and `<name>Edge`. */
export function connectionOf<Node extends object>(
  node: ClassType<Node>,
  { name, item, items, description }: ConnectionWords,
): ClassType<Connection<Node>> {
  const edge = edgeOf(node, name, item)

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description })
  class ConnectionType {
    @Field(() => [edge], { description: `The ${items} with their cursors.` })
    edges!: Edge<Node>[]

    @Field(() => [node], { description: `The ${items} without their cursors.` })
    nodes!: Node[]

    @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
    pageInfo!: PageInfo
  }
  return ConnectionType
}

/** Where a page ends, and whether it was asked for with `after`. */
export interface PageEnd {
  readonly endCursor: string | null
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

/** The connection of a page of edges. */
export function toConnection<Node>(edges: readonly Edge<Node>[], end: PageEnd): Connection<Node> {
  return {
    edges: [...edges],
    nodes: edges.map(({ node }) => node),
    pageInfo: { startCursor: edges[0]?.cursor ?? null, ...end },
  }
}
