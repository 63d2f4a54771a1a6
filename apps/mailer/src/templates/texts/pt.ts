import type { MailTexts } from '../mail-texts.ts'

export const pt: MailTexts = {
  subject: '{code} é o seu código de verificação para {tenant}',
  subjectWithoutCode: 'O seu código de verificação para {tenant}',
  heading: 'O seu código de verificação para {tenant}',
  intro: 'Introduza-o onde lhe foi pedido. É válido durante {valid} e só pode ser usado uma vez.',
  openPage: 'Abrir a página com este código',
  keepItSecret: 'Não o revele a ninguém: {tenant} nunca o pedirá por telefone, e-mail ou chat.',
  footer: 'Não pediu este código? Ignore esta mensagem; sem o código, nada acontece.',
}
