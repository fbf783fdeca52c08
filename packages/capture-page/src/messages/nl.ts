import type { Messages } from './messages.ts';

export const messages: Messages = {
  pageTitle: 'Echtheidscontrole',
  noScript: 'Deze controle gebruikt uw camera en heeft JavaScript nodig. Zet JavaScript aan en laad de pagina opnieuw.',
  loading: { title: 'Een ogenblik', words: '' },
  consent: {
    title: 'Korte cameracontrole',
    words: 'We moeten zien dat er een echt mens is.',
    wordsFrom: (name) => `${name} vraagt u te laten zien dat er een echt mens is.`,
    points: [
      'Uw camera maakt een paar seconden beelden van uw gezicht. Misschien moet u uw hoofd draaien.',
      'We kijken alleen of er een mens is: we stellen niet vast wie u bent.',
      'De beelden worden uiterlijk na ongeveer 30 minuten gewist.',
    ],
    primary: 'Akkoord en verder',
    secondary: 'Nee, terug',
  },
  permission: {
    title: 'Sta de camera toe',
    words: 'Uw browser vraagt nu misschien of deze pagina de camera mag gebruiken. Kies ‘Toestaan’.',
  },
  ready: {
    title: 'Breng uw gezicht in het ovaal',
    words: 'Houd de camera op ooghoogte, bij gelijkmatig licht.',
    primary: 'Beginnen',
    secondary: 'Annuleren',
  },
  capturing: { title: 'Blijf stil', words: 'Kijk in de camera tot de ring vol is.' },
  prompts: {
    left: { title: 'Draai uw hoofd naar links', words: 'Langzaam, en blijf zo tot de pijl verandert.' },
    right: { title: 'Draai uw hoofd naar rechts', words: 'Langzaam, en blijf zo tot de pijl verandert.' },
    center: { title: 'Kijk in de camera', words: 'Blijf even stil.' },
  },
  hints: {
    find: 'Breng uw gezicht in het ovaal.',
    alone: 'Alleen u moet in beeld zijn.',
    closer: 'Kom iets dichterbij.',
    further: 'Ga iets naar achteren.',
    center: 'Breng uw gezicht naar het midden.',
    light: 'Zoek iets meer licht.',
    backlight: 'Het licht is achter u: draai u ernaartoe.',
    still: 'Blijf stil.',
    good: 'Goed. Blijf zo.',
  },
  sending: {
    title: 'Bezig met controleren',
    words: 'Dit duurt een paar seconden. De camera is uit.',
    slow: 'Er wordt nog verstuurd. Uw verbinding lijkt traag, laat deze pagina open.',
    sent: (percent) => `${percent} % is aangekomen.`,
    bar: 'Hoeveel van de beelden is verstuurd',
  },
  done: {
    title: 'Klaar',
    words: 'U kunt deze pagina sluiten.',
    returning: 'U kunt deze pagina sluiten. We brengen u terug…',
    stillWorking: 'We zijn nog bezig en hebben niets meer van u nodig. U kunt deze pagina sluiten.',
    primary: 'Verder',
  },
  failed: { tryAgain: 'Opnieuw proberen', goBack: 'Terug', leave: 'Verder' },
  troubles: {
    camera_denied: {
      title: 'De camera is geblokkeerd',
      words:
        'Sta de camera toe voor deze pagina: via het pictogram naast het adres of in de instellingen van uw browser. Probeer het dan opnieuw.',
    },
    camera_unanswered: {
      title: 'De camera is nog niet aan',
      words: 'De vraag van de browser is niet beantwoord. Probeer het opnieuw en kies ‘Toestaan’.',
    },
    camera_missing: {
      title: 'Geen camera gevonden',
      words: 'Sluit een camera aan en probeer het opnieuw, of open deze link op een telefoon.',
    },
    camera_busy: {
      title: 'De camera is in gebruik',
      words: 'Misschien gebruikt een andere app of een ander tabblad hem. Sluit dat en probeer het opnieuw.',
    },
    camera_lost: {
      title: 'De camera is gestopt',
      words: 'Hij is losgekoppeld of uitgezet. Zet hem weer aan en probeer het opnieuw.',
    },
    camera_silent: {
      title: 'Geen beeld van de camera',
      words:
        'De camera is aan maar toont niets. Kijk of hij is afgedekt of kies een andere camera, en probeer het opnieuw.',
    },
    camera_unsupported: {
      title: 'Deze browser kan de camera hier niet gebruiken',
      words: 'Open de link in een recente Chrome, Safari, Firefox of Edge. Het adres moet met https beginnen.',
    },
    in_app_browser: {
      title: 'Open deze pagina in uw browser',
      words:
        'De app waarin u bent laat pagina’s de camera niet gebruiken. Open het menu van de app en kies ‘Openen in browser’.',
    },
    page_hidden: {
      title: 'U hebt deze pagina verlaten',
      words: 'De camera is intussen uitgezet. Probeer het opnieuw als u klaar bent.',
    },
    unreachable: {
      title: 'Geen verbinding',
      words: 'We konden de server niet bereiken. Controleer uw verbinding en probeer het opnieuw.',
    },
    server_fault: {
      title: 'Er ging iets mis',
      words: 'De fout ligt bij ons. Probeer het zo opnieuw.',
    },
    unreadable_image: { title: 'Een beeld was beschadigd', words: 'Het kon niet worden gelezen. Probeer het opnieuw.' },
    too_few_frames: { title: 'Er ontbreken beelden', words: 'Ze zijn niet allemaal aangekomen. Probeer het opnieuw.' },
    capture_superseded: {
      title: 'Ergens anders geopend',
      words: 'Deze controle is in een ander tabblad opnieuw begonnen. Ga daar verder of probeer het hier opnieuw.',
    },
    capture_elsewhere: {
      title: 'In een andere browser geopend',
      words: 'Deze controle is in een andere browser of op een ander apparaat begonnen. Ga daar verder.',
    },
    handoff_over: {
      title: 'Deze code werkt niet meer',
      words: 'Hij is al gebruikt of verlopen. Toon een nieuwe code op uw computer en scan die.',
    },
    challenge_too_late: {
      title: 'Dat duurde te lang',
      words: 'Probeer het opnieuw en draai uw hoofd zodra de pijl verschijnt.',
    },
    too_many_failures: {
      title: 'Tijd voor een pauze',
      words: 'Er waren meerdere pogingen in korte tijd. Wacht een paar minuten en probeer het dan opnieuw.',
    },
    capture_closed: { title: 'Deze poging is gesloten', words: 'Probeer het opnieuw.' },
    check_expired: {
      title: 'Deze link is verlopen',
      words: 'Ga terug naar waar u hem kreeg en vraag een nieuwe.',
    },
    check_failed: {
      title: 'We konden de controle niet afronden',
      words: 'Ga terug naar waar u de link kreeg en vraag een nieuwe.',
    },
    unknown_link: {
      title: 'Deze link werkt niet',
      words: 'Kijk of het adres volledig is, of vraag een nieuwe link.',
    },
    cancelled: {
      title: 'Controle geannuleerd',
      words: 'Er worden geen beelden gemaakt. U kunt deze pagina sluiten of het opnieuw proberen.',
    },
  },
  reasons: {
    NO_FACE: 'We konden uw gezicht niet zien. Breng het in het ovaal.',
    MULTIPLE_FACES: 'Er was meer dan één gezicht in beeld. Zorg dat alleen u te zien bent.',
    FACE_TOO_SMALL: 'Uw gezicht was te ver weg. Kom dichterbij.',
    FACE_TOO_LARGE: 'Uw gezicht was te dichtbij. Ga iets naar achteren.',
    FACE_CUT_OFF: 'Uw gezicht was afgesneden. Houd het helemaal in het ovaal.',
    TOO_DARK: 'Het was te donker. Zoek meer licht.',
    TOO_BRIGHT: 'Het licht was te fel. Ga eruit.',
    BLURRED: 'Het beeld was onscherp. Blijf stil en veeg de lens schoon.',
    TURNED_AWAY: 'Uw gezicht was weggedraaid. Kijk in de camera.',
    FACE_COVERED: 'Uw gezicht was bedekt. Doe een masker of donkere bril af.',
    LOW_RESOLUTION: 'Het beeld was niet helder genoeg. Maak de lens schoon of gebruik een andere camera.',
    TOO_FEW_FRAMES: 'Er waren te weinig goede beelden. Blijf tot het einde in het ovaal.',
    CHALLENGE_NOT_FOLLOWED: 'Draai uw hoofd naar waar de pijl wijst, stap voor stap.',
    CHALLENGE_TOO_LATE: 'Draai uw hoofd iets verder, zodra de pijl verschijnt.',
    FACE_CHANGED: 'Blijf de hele tijd in beeld, zonder snelle bewegingen.',
  },
  attempt: (number, of) => `Poging ${number} van ${of}.`,
  offline: 'U bent offline. We gaan verder als de verbinding terug is.',
  camera: { label: 'Camera', unnamed: (number) => `Camera ${number}` },
  cannotTurn: 'Ik kan mijn hoofd niet draaien',
  handoff: {
    offer: 'Verder op uw telefoon',
    waiting: {
      title: 'Verder op uw telefoon',
      words: 'Scan deze code met de camera van uw telefoon. We wachten op uw telefoon.',
    },
    taken: {
      title: 'Ga verder op uw telefoon',
      words: 'Uw telefoon heeft de controle geopend. Deze pagina gaat vanzelf verder.',
    },
    capturing: {
      title: 'Uw telefoon neemt het over',
      words: 'Rond de controle af op uw telefoon en laat deze pagina open.',
    },
    expired: { title: 'Deze code is verlopen', words: 'Toon een nieuwe om op uw telefoon verder te gaan.' },
    stay: 'Toch deze computer gebruiken',
    again: 'Nieuwe code tonen',
    code: 'QR-code die deze controle op uw telefoon opent',
    address: 'Of open deze link op uw telefoon',
    copy: 'Link kopiëren',
    copied: 'Link gekopieerd',
    done: 'Ga terug naar uw computer. U kunt deze pagina sluiten.',
  },
  readAloud: 'Voorlezen',
};
