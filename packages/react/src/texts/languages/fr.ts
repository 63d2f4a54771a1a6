import type { NumberFieldTexts } from '../number-field-texts.ts'

export const fr: NumberFieldTexts = {
  label: 'Code reçu par e-mail',
  resend: 'Renvoyer le code',
  resendIn: 'Renvoyer le code dans {time}',
  resendReady: 'Le code peut maintenant être renvoyé.',
  resent: 'Le code a été renvoyé.',
  notDigits: 'Le code ne contient que des chiffres.',
  wrong: 'Ce code n’est pas valable. Consultez l’e-mail le plus récent ou recommencez.',
  limited: 'Trop d’essais. Réessayez dans {time}.',
  gone: 'Ce code a expiré. Recommencez.',
  rejected: 'Le serveur de messagerie de cette adresse a refusé l’e-mail. L’adresse est-elle correcte ?',
  failed: 'Cela n’a pas fonctionné. Réessayez.',
}
