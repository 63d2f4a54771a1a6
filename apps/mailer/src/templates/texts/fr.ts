import type { MailTexts } from '../mail-texts.ts'

export const fr: MailTexts = {
  subject: '{code} est votre code de vérification pour {tenant}',
  subjectWithoutCode: 'Votre code de vérification pour {tenant}',
  heading: 'Votre code de vérification pour {tenant}',
  intro:
    'Saisissez-le là où il vous a été demandé. Il est valable pendant {valid} et ne sert qu’une seule fois.',
  openPage: 'Ouvrir la page avec ce code',
  keepItSecret:
    'Ne le communiquez à personne : {tenant} ne vous le demandera jamais par téléphone, par e-mail ou par chat.',
  footer: 'Vous n’avez rien demandé ? Ignorez cet e-mail ; sans le code, il ne se passe rien.',
}
