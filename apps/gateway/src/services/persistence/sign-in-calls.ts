import type { CallingActor } from '@emailauth/contracts/events'
import {
  type KnownPasskey,
  knownPasskey,
  type Passkey,
  type PasskeyCreateRequest,
  type PasskeyList,
  type PasskeyListQuery,
  type PasskeyUseRequest,
  passkeyList,
  passkey as passkeyShape,
} from '@emailauth/contracts/passkeys'
import type { ProblemCode } from '@emailauth/contracts/problems'
import {
  type SignInFinish,
  type SignInReply,
  type SignInRequest,
  signInFinished,
  signInReply,
} from '@emailauth/contracts/sign-ins'
import { existed, orUndefined } from '@emailauth/rpc/client/absent'
import type { RpcClient } from '@emailauth/rpc/client/client'
import { bodyOf, type Reply } from '@emailauth/rpc/client/reply'
import { z } from 'zod'
import { queryOf } from './query-of.ts'

/** How admins sign in: numbers by mail, and passkeys. */
export interface SignInCalls {
  beginSignIn(request: SignInRequest): Promise<SignInReply>
  /** false: this is not the number of that ticket, or its time is over. */
  finishSignIn(request: SignInFinish): Promise<boolean>
  passkeyPage(query: PasskeyListQuery): Promise<PasskeyList>
  /** All passkeys of one admin, newest first. */
  passkeysOf(email: string): Promise<readonly Passkey[]>
  passkey(id: string): Promise<KnownPasskey | undefined>
  /** @throws {ProblemError} `conflict` when this admin has too many, or the passkey is known already. */
  createPasskey(request: PasskeyCreateRequest, actor: CallingActor): Promise<Passkey>
  renamePasskey(id: string, name: string, actor: CallingActor): Promise<Passkey | undefined>
  /**
   * false: there was no such passkey.
   * @param keepOneOf the address of an admin who must have another passkey
   * @throws {ProblemError} `conflict` when that admin would have none left.
   */
  removePasskey(id: string, actor: CallingActor, keepOneOf?: string): Promise<boolean>
  /** undefined: it is unknown, its challenge was used, or its counter went back. */
  usePasskey(id: string, request: PasskeyUseRequest): Promise<Passkey | undefined>
  /** false: this challenge was used before. */
  claimChallenge(challenge: string): Promise<boolean>
}

export function signInCalls(rpc: RpcClient): SignInCalls {
  const post = <Body>(path: string, body: unknown, reply: z.ZodType<Body>, actor?: CallingActor) =>
    rpc.call({ method: 'POST', path, body, reply, actor })
  const at = (id: string) => `/v1/passkeys/${encodeURIComponent(id)}`
  const is = (reply: Reply<unknown>, code: ProblemCode) => 'problem' in reply && reply.problem.code === code

  const list = async (query: PasskeyListQuery) =>
    bodyOf(await rpc.call({ method: 'GET', path: `/v1/passkeys${queryOf(query)}`, reply: passkeyList }))

  return {
    beginSignIn: async (request) => bodyOf(await post('/v1/sign-ins', request, signInReply)),
    async finishSignIn(request) {
      const reply = await post('/v1/sign-ins/finish', request, signInFinished)
      if (is(reply, 'wrong-credentials')) return false
      bodyOf(reply)
      return true
    },
    passkeyPage: list,
    passkeysOf: async (email) => (await list({ email })).passkeys,
    passkey: async (id) => orUndefined(await rpc.call({ method: 'GET', path: at(id), reply: knownPasskey })),
    createPasskey: async (request, actor) => bodyOf(await post('/v1/passkeys', request, passkeyShape, actor)),
    renamePasskey: async (id, name, actor) =>
      orUndefined(
        await rpc.call({ method: 'PATCH', path: at(id), body: { name }, reply: passkeyShape, actor }),
      ),
    async removePasskey(id, actor, keepOneOf) {
      const path = `${at(id)}${queryOf({ keepOneOf })}`
      return existed(await rpc.call({ method: 'DELETE', path, reply: z.undefined(), actor }))
    },
    async usePasskey(id, request) {
      const reply = await post(`${at(id)}/use`, request, passkeyShape)
      return is(reply, 'wrong-credentials') ? undefined : orUndefined(reply)
    },
    async claimChallenge(challenge) {
      const reply = await post('/v1/passkey-challenges/claim', { challenge }, z.undefined())
      if (is(reply, 'conflict')) return false
      bodyOf(reply)
      return true
    },
  }
}
