/** English texts of changes that meet, loaded with the forms. `es.ts` has the same keys. */
export const en = {
  title: 'Changed meanwhile',
  somebody: 'Somebody else saved a change since you opened this form.',
  system: 'The system',
  key: 'API key {{id}}',
  saved: 'saved a change',
  field: 'Field',
  theirs: 'Saved now',
  yours: 'Yours',
  empty: 'Empty',
  untouched: 'Not changed',
  hint: 'Nothing of yours is saved yet. Only the fields that you changed are saved over theirs.',
  close: 'Go on editing',
  take: 'Discard mine',
  keep: 'Save mine',
} as const
