import { deliveryReason } from '@emailauth/contracts/delivery-reason'
import { contractEnum } from '../graphql/contract-enum.ts'

/** The reasons of delivery problems by their GraphQL names. */
export const DeliveryReasons = contractEnum(deliveryReason.options, {
  name: 'DeliveryReason',
  description: 'Why a mail was deferred, came back or was refused.',
  values: {
    recipient: 'Nobody reads the mailbox.',
    suppressed: 'An earlier mail to the address came back, so none is sent.',
    'mailbox-full': 'The mailbox takes no more mails for now.',
    sender: "The sender's address or domain, or its SPF, DKIM or DMARC.",
    blocked: 'The sending server is on a blocklist.',
    limit: 'Too many mails for the receiver, or for the account at the relay.',
    relaying: 'The relay does not send for us to this address.',
    credentials: 'The relay did not accept the credentials.',
    content: 'The mail was taken for spam, or was too large.',
    policy: 'A rule of the receiver that it does not explain.',
    protocol: 'The server did not understand a command.',
    temporary: 'The server asked to try again later, for example because of greylisting.',
    unreachable: 'The relay could not be reached, or closed the connection.',
    slow: 'It was still being sent when the call was answered.',
    other: 'None of the other reasons; the reply of the server says more.',
  },
})
