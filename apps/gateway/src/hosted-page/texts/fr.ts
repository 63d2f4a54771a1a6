import type { PageTexts } from '../page-texts.ts'

export const fr: PageTexts = {
  title: 'Consultez vos e-mails',
  sent: '{tenant} a envoyé un code à {email}.',
  label: 'Code reçu par e-mail',
  go: 'Continuer',
  resend: 'Renvoyer le code',
  resendIn: 'Renvoyer le code dans {time}',
  resent: 'Le code a été renvoyé.',
  back: 'Retour à {tenant}',
  wrong: 'Ce code n’est pas valable. Consultez l’e-mail le plus récent.',
  limited: 'Trop d’essais. Réessayez dans {time}.',
  rejected: 'Le serveur de messagerie de cette adresse a refusé l’e-mail.',
  goneTitle: 'Ce code n’est plus valable',
  gone: 'Il a été utilisé, a expiré ou a été remplacé par un plus récent. Recommencez depuis la page d’où vous venez.',
  unknownTitle: 'Cette page n’existe pas',
  unknown: 'Le lien est incomplet, ou son service n’utilise pas cette page.',
  foreign: 'Ce formulaire a été envoyé depuis un autre site.',
  failedTitle: 'Cela n’a pas fonctionné',
  failed: 'Revenez en arrière et réessayez dans un instant.',
  testMode: 'Mode test : aucun e-mail n’est envoyé.',
}
