import type { Texts } from './texts.ts';

export const fr: Texts = {
  title: 'Payer {name}',
  pay: 'Payer {amount}',
  paying: 'Paiement en cours …',
  reference: 'Référence',
  testMode: 'Mode test : aucun argent ne circule',
  chooseCard: 'Comment souhaitez-vous payer ?',
  savedCard: '{brand} se terminant par {last4}',
  cardExpires: 'Expire le {date}',
  newCard: 'Une autre carte',
  cardDetails: 'Informations de la carte',
  savedCode: 'Cryptogramme de la carte choisie',
  save: 'Enregistrer cette carte pour mon prochain achat',
  cancel: 'Annuler et revenir à {name}',
  continue: 'Continuer vers {name}',
  paid: 'Paiement reçu',
  paidText: 'Merci. Vous allez être redirigé vers {name}.',
  processing: 'Votre paiement est en cours de traitement',
  processingText:
    'La banque n’a pas encore répondu. Ne payez pas une seconde fois : le résultat s’affichera ' +
    'ici dès qu’il sera connu.',
  expired: 'Cette page a expiré',
  expiredText: 'Il n’est plus possible de payer ici, et rien n’a été débité.',
  invalid: 'Ce lien ne fonctionne pas',
  invalidText: 'Ouvrez le lien complet, tel que la boutique vous l’a donné.',
  offline:
    'La connexion a été interrompue. Vérifiez-la, puis réessayez : vous ne payez qu’une fois.',
  unavailable: 'La boutique ne peut pas accepter ce paiement pour le moment.',
  noFields: 'Les champs de carte n’ont pas pu être chargés. Rechargez la page.',
  loading: 'Chargement …',
  again: 'Réessayer',
  help: 'Aide :',
  poweredBy: 'Les données de carte vont au coffre de PayOS, pas à la boutique.',
  problems: {
    declined: 'Votre banque a refusé la carte. Utilisez une autre carte ou contactez votre banque.',
    insufficient_funds: 'Le solde de cette carte est insuffisant. Utilisez une autre carte.',
    limit_exceeded: 'La carte a atteint son plafond. Utilisez une autre carte.',
    expired_card: 'La carte a expiré. Utilisez une autre carte.',
    incorrect_number: 'Le numéro de carte est faux. Vérifiez-le ou utilisez une autre carte.',
    incorrect_cvc: 'Le code de sécurité est faux. Vérifiez-le et réessayez.',
    authentication_required:
      'Votre banque veut confirmer ce paiement, ce qui n’est pas possible ici. Utilisez une ' +
      'autre carte.',
    try_again: 'Le paiement n’a pas abouti, et rien n’a été débité. Réessayez.',
  },
};
