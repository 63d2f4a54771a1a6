import { DEFAULT_COLOUR, type MailSettings, NUMBER_PLACEHOLDER } from '@emailauth/contracts/mail-settings'

/** The appearance of a tenant's mails, apart from texts. */
export interface Look {
  /** `#rrggbb` */
  readonly colour: string
  readonly logoUrl: string | undefined
  readonly linkTemplate: string | undefined
}

/** The tenant's own look where it has one, else ours. */
export function lookOf(mail: MailSettings | undefined): Look {
  return {
    colour: mail?.colour ?? DEFAULT_COLOUR,
    logoUrl: mail?.logoUrl,
    linkTemplate: mail?.linkTemplate,
  }
}

/** The tenant's page with the number in its link. */
export function linkWith(template: string, number: string): string {
  return template.replace(NUMBER_PLACEHOLDER, () => number)
}
