import type { en } from './en.ts'

/** Type of a translation: the keys of `en.ts`. A language may have more plural forms than English. */
export type Translation = Texts<typeof en>

/** The same tree of texts in another language. */
export type Texts<T> = {
  readonly [Key in keyof T]: T[Key] extends string ? string : Texts<T[Key]>
} & { readonly [PluralForm: `${string}_many`]: string }
