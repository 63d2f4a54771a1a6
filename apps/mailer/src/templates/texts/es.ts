import type { MailTexts } from '../mail-texts.ts'

export const es: MailTexts = {
  subject: '{code} es tu código de verificación para {tenant}',
  subjectWithoutCode: 'Tu código de verificación para {tenant}',
  heading: 'Tu código de verificación para {tenant}',
  intro: 'Escríbelo donde te lo han pedido. Vale durante {valid} y sirve una sola vez.',
  openPage: 'Abrir la página con este código',
  keepItSecret: 'No se lo digas a nadie: {tenant} nunca te lo pedirá por teléfono, correo o chat.',
  footer: '¿No lo has pedido? Ignora este correo; sin el código no pasa nada.',
}
