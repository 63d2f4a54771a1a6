/** English texts of the system page, loaded with it. `es.ts` has the same keys. */
export const en = {
  title: 'System',
  started: 'started',
  services: 'Services',
  ready: 'Ready',
  down: 'Does not answer',
  findings: 'What should be changed',
  findingsUnknown: 'It cannot be told at the moment.',
  fine: 'Nothing: all is as it should be.',
  level: { WARN: 'Warning', FAIL: 'Fails' },
  failed: 'The system could not be asked',
} as const
