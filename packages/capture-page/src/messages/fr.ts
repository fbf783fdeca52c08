import type { Messages } from './messages.ts';

export const messages: Messages = {
  pageTitle: 'Contrôle de présence',
  noScript: 'Ce contrôle utilise votre caméra et a besoin de JavaScript. Activez JavaScript et rechargez la page.',
  loading: { title: 'Un instant', words: '' },
  consent: {
    title: 'Contrôle rapide par caméra',
    words: 'Nous devons voir qu’une vraie personne est là.',
    wordsFrom: (name) => `${name} vous demande de montrer qu’une vraie personne est là.`,
    points: [
      'Votre caméra prend des images de votre visage pendant quelques secondes. Il vous sera peut-être demandé de tourner la tête.',
      'Elles servent seulement à vérifier votre présence : nous ne cherchons pas à savoir qui vous êtes.',
      'Elles sont supprimées au plus tard après environ 30 minutes.',
    ],
    primary: 'Accepter et continuer',
    secondary: 'Non, revenir',
  },
  permission: {
    title: 'Autorisez la caméra',
    words: 'Votre navigateur va peut-être demander si cette page peut utiliser la caméra. Choisissez « Autoriser ».',
  },
  ready: {
    title: 'Placez votre visage dans l’ovale',
    words: 'Tenez la caméra à hauteur des yeux, avec une lumière égale.',
    primary: 'Commencer',
    secondary: 'Annuler',
  },
  capturing: { title: 'Ne bougez pas', words: 'Regardez la caméra jusqu’à ce que l’anneau soit plein.' },
  prompts: {
    left: { title: 'Tournez la tête à gauche', words: 'Lentement, et restez ainsi jusqu’à ce que la flèche change.' },
    right: { title: 'Tournez la tête à droite', words: 'Lentement, et restez ainsi jusqu’à ce que la flèche change.' },
    center: { title: 'Regardez la caméra', words: 'Restez immobile un instant.' },
  },
  hints: {
    find: 'Placez votre visage dans l’ovale.',
    alone: 'Vous devez être la seule personne à l’image.',
    closer: 'Approchez-vous un peu.',
    further: 'Reculez un peu.',
    center: 'Placez votre visage au milieu.',
    light: 'Il faut un peu plus de lumière.',
    backlight: 'La lumière est derrière vous : tournez-vous vers elle.',
    still: 'Ne bougez pas.',
    good: 'C’est bien. Restez ainsi.',
  },
  sending: {
    title: 'Vérification',
    words: 'Cela prend quelques secondes. La caméra est éteinte.',
    slow: 'L’envoi continue. Votre connexion semble lente, gardez cette page ouverte.',
    sent: (percent) => `${percent} % sont arrivés.`,
    bar: 'Part des images déjà envoyée',
  },
  done: {
    title: 'Terminé',
    words: 'Vous pouvez fermer cette page.',
    returning: 'Vous pouvez fermer cette page. Retour en cours…',
    stillWorking: 'Nous y travaillons encore et n’avons plus besoin de vous. Vous pouvez fermer cette page.',
    primary: 'Continuer',
  },
  failed: { tryAgain: 'Réessayer', goBack: 'Revenir', leave: 'Continuer' },
  troubles: {
    camera_denied: {
      title: 'La caméra est bloquée',
      words:
        'Autorisez la caméra pour cette page : par l’icône à côté de l’adresse ou dans les réglages du navigateur. Puis réessayez.',
    },
    camera_unanswered: {
      title: 'La caméra n’est pas encore allumée',
      words: 'La question du navigateur est restée sans réponse. Réessayez, puis choisissez « Autoriser ».',
    },
    camera_missing: {
      title: 'Aucune caméra trouvée',
      words: 'Branchez une caméra et réessayez, ou ouvrez ce lien sur un téléphone.',
    },
    camera_busy: {
      title: 'La caméra est déjà utilisée',
      words: 'Une autre application ou un autre onglet l’utilise peut-être. Fermez-les, puis réessayez.',
    },
    camera_lost: {
      title: 'La caméra s’est arrêtée',
      words: 'Elle a été débranchée ou éteinte. Rallumez-la, puis réessayez.',
    },
    camera_silent: {
      title: 'Pas d’image de la caméra',
      words:
        'La caméra est allumée mais ne montre rien. Vérifiez son cache ou choisissez une autre caméra, puis réessayez.',
    },
    camera_unsupported: {
      title: 'Ce navigateur ne peut pas utiliser la caméra ici',
      words:
        'Ouvrez le lien dans une version récente de Chrome, Safari, Firefox ou Edge. L’adresse doit commencer par https.',
    },
    in_app_browser: {
      title: 'Ouvrez cette page dans votre navigateur',
      words:
        'L’application où vous êtes ne laisse pas les pages utiliser la caméra. Ouvrez son menu et choisissez « Ouvrir dans le navigateur ».',
    },
    page_hidden: {
      title: 'Vous avez quitté cette page',
      words: 'La caméra a été éteinte entre-temps. Réessayez quand vous serez prêt.',
    },
    unreachable: {
      title: 'Pas de connexion',
      words: 'Nous n’avons pas pu joindre le serveur. Vérifiez votre connexion, puis réessayez.',
    },
    server_fault: {
      title: 'Quelque chose n’a pas fonctionné',
      words: 'L’erreur vient de nous. Réessayez dans un instant.',
    },
    unreadable_image: { title: 'Une image était abîmée', words: 'Elle n’a pas pu être lue. Réessayez.' },
    too_few_frames: { title: 'Il manque des images', words: 'Toutes ne sont pas arrivées. Réessayez.' },
    capture_superseded: {
      title: 'Ouvert ailleurs',
      words: 'Ce contrôle a été relancé dans un autre onglet. Continuez là-bas ou réessayez ici.',
    },
    capture_elsewhere: {
      title: 'Ouvert dans un autre navigateur',
      words: 'Ce contrôle a été commencé dans un autre navigateur ou sur un autre appareil. Continuez là-bas.',
    },
    handoff_over: {
      title: 'Ce code ne fonctionne plus',
      words: 'Il a déjà servi ou a expiré. Affichez un nouveau code sur votre ordinateur et scannez-le.',
    },
    challenge_too_late: {
      title: 'Cela a pris trop de temps',
      words: 'Réessayez, et tournez la tête dès que la flèche apparaît.',
    },
    too_many_failures: {
      title: 'Une petite pause',
      words: 'Il y a eu plusieurs essais en peu de temps. Patientez quelques minutes, puis réessayez.',
    },
    capture_closed: { title: 'Cet essai est terminé', words: 'Réessayez.' },
    check_expired: {
      title: 'Ce lien a expiré',
      words: 'Retournez là où vous l’avez reçu et demandez-en un nouveau.',
    },
    check_failed: {
      title: 'Le contrôle n’a pas pu aboutir',
      words: 'Retournez là où vous avez reçu le lien et demandez-en un nouveau.',
    },
    unknown_link: {
      title: 'Ce lien ne fonctionne pas',
      words: 'Vérifiez que l’adresse est complète, ou demandez un nouveau lien.',
    },
    cancelled: {
      title: 'Contrôle annulé',
      words: 'Aucune image n’est prise. Vous pouvez fermer cette page ou réessayer.',
    },
  },
  reasons: {
    NO_FACE: 'Nous n’avons pas vu votre visage. Placez-le dans l’ovale.',
    MULTIPLE_FACES: 'Il y avait plus d’un visage à l’image. Veillez à être la seule personne visible.',
    FACE_TOO_SMALL: 'Votre visage était trop loin. Approchez-vous.',
    FACE_TOO_LARGE: 'Votre visage était trop près. Reculez un peu.',
    FACE_CUT_OFF: 'Votre visage était coupé. Gardez-le entier dans l’ovale.',
    TOO_DARK: 'Il faisait trop sombre. Trouvez plus de lumière.',
    TOO_BRIGHT: 'La lumière était trop forte. Écartez-vous d’elle.',
    BLURRED: 'L’image était floue. Ne bougez pas et essuyez l’objectif.',
    TURNED_AWAY: 'Votre visage était tourné. Regardez la caméra.',
    FACE_COVERED: 'Votre visage était couvert. Retirez masque ou lunettes sombres.',
    LOW_RESOLUTION: 'L’image n’était pas assez nette. Nettoyez l’objectif ou utilisez une autre caméra.',
    TOO_FEW_FRAMES: 'Il y avait trop peu de bonnes images. Restez dans l’ovale jusqu’à la fin.',
    CHALLENGE_NOT_FOLLOWED: 'Tournez la tête là où la flèche l’indique, une étape après l’autre.',
    CHALLENGE_TOO_LATE: 'Tournez la tête un peu plus loin, dès que la flèche apparaît.',
    FACE_CHANGED: 'Restez à l’image tout le temps, sans mouvements brusques.',
  },
  attempt: (number, of) => `Essai ${number} sur ${of}.`,
  offline: 'Vous êtes hors ligne. Nous continuerons quand la connexion reviendra.',
  camera: { label: 'Caméra', unnamed: (number) => `Caméra ${number}` },
  cannotTurn: 'Je ne peux pas tourner la tête',
  handoff: {
    offer: 'Continuer sur votre téléphone',
    waiting: {
      title: 'Continuer sur votre téléphone',
      words: 'Scannez ce code avec l’appareil photo de votre téléphone. Nous attendons votre téléphone.',
    },
    taken: {
      title: 'Continuez sur votre téléphone',
      words: 'Votre téléphone a ouvert le contrôle. Cette page suit d’elle-même.',
    },
    capturing: {
      title: 'Votre téléphone prend le relais',
      words: 'Terminez le contrôle sur votre téléphone et gardez cette page ouverte.',
    },
    expired: { title: 'Ce code a expiré', words: 'Affichez-en un nouveau pour continuer sur votre téléphone.' },
    stay: 'Rester sur cet ordinateur',
    again: 'Afficher un nouveau code',
    code: 'Code QR qui ouvre ce contrôle sur votre téléphone',
    address: 'Ou ouvrez ce lien sur votre téléphone',
    copy: 'Copier le lien',
    copied: 'Lien copié',
    done: 'Retournez à votre ordinateur. Vous pouvez fermer cette page.',
  },
  readAloud: 'Lire à voix haute',
};
