import type { en } from './en.ts'
import type { enSignedIn } from './en-signed-in.ts'

/** All English texts. */
export type English = Omit<typeof en, 'app'> & {
  readonly app: (typeof en)['app'] & (typeof enSignedIn)['app']
}

/** Type of a translation: the keys of the English texts. A language may have more plural forms. */
export type Translation = Texts<English>

/** The same tree of texts in another language. */
export type Texts<T> = {
  readonly [Key in keyof T]: T[Key] extends string ? string : Texts<T[Key]>
} & { readonly [PluralForm: `${string}_many`]: string }
