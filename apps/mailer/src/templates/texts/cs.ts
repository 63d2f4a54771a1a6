import type { MailTexts } from '../mail-texts.ts'

export const cs: MailTexts = {
  subject: '{code} je váš ověřovací kód pro {tenant}',
  subjectWithoutCode: 'Váš ověřovací kód pro {tenant}',
  heading: 'Váš ověřovací kód pro {tenant}',
  intro: 'Zadejte ho tam, kde o něj byli žádáni. Kód lze použít jen jednou. Doba platnosti: {valid}.',
  openPage: 'Otevřít stránku s tímto kódem',
  keepItSecret: 'Nikomu ho nesdělujte: {tenant} se na něj nikdy neptá telefonicky, e-mailem ani v chatu.',
  footer: 'Nežádali jste o něj? Tento e-mail ignorujte; bez kódu se nic nestane.',
}
