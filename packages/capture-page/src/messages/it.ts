import type { Messages } from './messages.ts';

export const messages: Messages = {
  pageTitle: 'Verifica di presenza',
  noScript: 'Questa verifica usa la fotocamera e ha bisogno di JavaScript. Attivi JavaScript e ricarichi la pagina.',
  loading: { title: 'Un momento', words: '' },
  consent: {
    title: 'Verifica rapida con la fotocamera',
    words: 'Dobbiamo vedere che c’è una persona reale.',
    wordsFrom: (name) => `${name} le chiede di mostrare che c’è una persona reale.`,
    points: [
      'La fotocamera riprende il suo viso per alcuni secondi. Forse le sarà chiesto di girare la testa.',
      'Le immagini servono solo a capire se c’è una persona: non cerchiamo di sapere chi è lei.',
      'Vengono cancellate al più tardi dopo circa 30 minuti.',
    ],
    primary: 'Accetta e continua',
    secondary: 'No, torna indietro',
  },
  permission: {
    title: 'Consenta la fotocamera',
    words: 'Il browser potrebbe chiedere se questa pagina può usare la fotocamera. Scelga «Consenti».',
  },
  ready: {
    title: 'Metta il viso nell’ovale',
    words: 'Tenga la fotocamera all’altezza degli occhi, con luce uniforme.',
    primary: 'Inizia',
    secondary: 'Annulla',
  },
  capturing: { title: 'Stia fermo', words: 'Guardi la fotocamera finché l’anello è pieno.' },
  prompts: {
    left: { title: 'Giri la testa a sinistra', words: 'Piano, e resti così finché la freccia cambia.' },
    right: { title: 'Giri la testa a destra', words: 'Piano, e resti così finché la freccia cambia.' },
    center: { title: 'Guardi la fotocamera', words: 'Stia fermo un momento.' },
  },
  hints: {
    find: 'Metta il viso nell’ovale.',
    alone: 'Nell’immagine deve esserci solo lei.',
    closer: 'Si avvicini un po’.',
    further: 'Si allontani un po’.',
    center: 'Porti il viso al centro.',
    light: 'Cerchi un po’ più di luce.',
    backlight: 'La luce è dietro di lei: si giri verso la luce.',
    still: 'Stia fermo.',
    good: 'Bene. Resti così.',
  },
  sending: {
    title: 'Verifica in corso',
    words: 'Ci vogliono pochi secondi. La fotocamera è spenta.',
    slow: 'L’invio continua. La connessione sembra lenta: tenga aperta questa pagina.',
    sent: (percent) => `È arrivato il ${percent} %.`,
    bar: 'Parte delle immagini già inviata',
  },
  done: {
    title: 'Fatto',
    words: 'Può chiudere questa pagina.',
    returning: 'Può chiudere questa pagina. Torniamo indietro…',
    stillWorking: 'Ci stiamo ancora lavorando e non ci serve altro da lei. Può chiudere questa pagina.',
    primary: 'Continua',
  },
  failed: { tryAgain: 'Riprova', goBack: 'Torna indietro', leave: 'Continua' },
  troubles: {
    camera_denied: {
      title: 'La fotocamera è bloccata',
      words:
        'Consenta la fotocamera per questa pagina: con l’icona accanto all’indirizzo o nelle impostazioni del browser. Poi riprovi.',
    },
    camera_unanswered: {
      title: 'La fotocamera non è ancora accesa',
      words: 'La domanda del browser è rimasta senza risposta. Riprovi e scelga «Consenti».',
    },
    camera_missing: {
      title: 'Nessuna fotocamera trovata',
      words: 'Colleghi una fotocamera e riprovi, o apra questo link su un telefono.',
    },
    camera_busy: {
      title: 'La fotocamera è in uso',
      words: 'Forse la usa un’altra app o scheda. La chiuda e riprovi.',
    },
    camera_lost: {
      title: 'La fotocamera si è fermata',
      words: 'È stata scollegata o spenta. La riaccenda e riprovi.',
    },
    camera_silent: {
      title: 'Nessuna immagine dalla fotocamera',
      words:
        'La fotocamera è accesa ma non mostra nulla. Controlli che non sia coperta o ne scelga un’altra, poi riprovi.',
    },
    camera_unsupported: {
      title: 'Questo browser non può usare qui la fotocamera',
      words:
        'Apra il link in una versione recente di Chrome, Safari, Firefox o Edge. L’indirizzo deve iniziare con https.',
    },
    in_app_browser: {
      title: 'Apra questa pagina nel suo browser',
      words:
        'L’app in cui si trova non lascia usare la fotocamera alle pagine. Apra il suo menu e scelga «Apri nel browser».',
    },
    page_hidden: {
      title: 'Ha lasciato questa pagina',
      words: 'Nel frattempo la fotocamera è stata spenta. Riprovi quando vuole.',
    },
    unreachable: {
      title: 'Nessuna connessione',
      words: 'Non siamo riusciti a raggiungere il server. Controlli la connessione e riprovi.',
    },
    server_fault: {
      title: 'Qualcosa non ha funzionato',
      words: 'L’errore è nostro. Riprovi tra un momento.',
    },
    unreadable_image: { title: 'Un’immagine era danneggiata', words: 'Non si è potuta leggere. Riprovi.' },
    too_few_frames: { title: 'Mancano delle immagini', words: 'Non sono arrivate tutte. Riprovi.' },
    capture_superseded: {
      title: 'Aperta altrove',
      words: 'Questa verifica è stata ricominciata in un’altra scheda. Continui lì o riprovi qui.',
    },
    capture_elsewhere: {
      title: 'Aperta in un altro browser',
      words: 'Questa verifica è stata iniziata in un altro browser o su un altro dispositivo. Continui lì.',
    },
    handoff_over: {
      title: 'Questo codice non funziona più',
      words: 'È già stato usato o è scaduto. Mostri un nuovo codice sul computer e lo inquadri.',
    },
    challenge_too_late: {
      title: 'È passato troppo tempo',
      words: 'Riprovi, e giri la testa appena appare la freccia.',
    },
    too_many_failures: {
      title: 'Facciamo una pausa',
      words: 'Ci sono stati vari tentativi in poco tempo. Attenda qualche minuto, poi riprovi.',
    },
    capture_closed: { title: 'Questo tentativo è chiuso', words: 'Riprovi.' },
    check_expired: {
      title: 'Questo link è scaduto',
      words: 'Torni dove lo ha ricevuto e ne chieda uno nuovo.',
    },
    check_failed: {
      title: 'Non siamo riusciti a completare la verifica',
      words: 'Torni dove ha ricevuto il link e ne chieda uno nuovo.',
    },
    unknown_link: {
      title: 'Questo link non funziona',
      words: 'Controlli che l’indirizzo sia completo, o chieda un nuovo link.',
    },
    cancelled: {
      title: 'Verifica annullata',
      words: 'Non si riprendono immagini. Può chiudere questa pagina o riprovare.',
    },
  },
  reasons: {
    NO_FACE: 'Non abbiamo visto il suo viso. Lo metta nell’ovale.',
    MULTIPLE_FACES: 'C’era più di un viso nell’immagine. Faccia in modo di essere solo.',
    FACE_TOO_SMALL: 'Il suo viso era troppo lontano. Si avvicini.',
    FACE_TOO_LARGE: 'Il suo viso era troppo vicino. Si allontani un po’.',
    FACE_CUT_OFF: 'Il suo viso era tagliato. Lo tenga tutto nell’ovale.',
    TOO_DARK: 'Era troppo buio. Cerchi più luce.',
    TOO_BRIGHT: 'La luce era troppo forte. Si sposti.',
    BLURRED: 'L’immagine era sfocata. Stia fermo e pulisca l’obiettivo.',
    TURNED_AWAY: 'Il suo viso era girato. Guardi la fotocamera.',
    FACE_COVERED: 'Il suo viso era coperto. Tolga mascherina o occhiali scuri.',
    LOW_RESOLUTION: 'L’immagine non era abbastanza nitida. Pulisca l’obiettivo o usi un’altra fotocamera.',
    TOO_FEW_FRAMES: 'C’erano troppo poche immagini buone. Resti nell’ovale fino alla fine.',
    CHALLENGE_NOT_FOLLOWED: 'Giri la testa dove indica la freccia, un passo alla volta.',
    CHALLENGE_TOO_LATE: 'Giri la testa un po’ di più, appena appare la freccia.',
    FACE_CHANGED: 'Resti sempre nell’immagine, senza movimenti bruschi.',
  },
  attempt: (number, of) => `Tentativo ${number} di ${of}.`,
  offline: 'Non c’è connessione. Continueremo quando torna.',
  camera: { label: 'Fotocamera', unnamed: (number) => `Fotocamera ${number}` },
  cannotTurn: 'Non posso girare la testa',
  handoff: {
    offer: 'Continua sul telefono',
    waiting: {
      title: 'Continua sul telefono',
      words: 'Inquadri questo codice con la fotocamera del telefono. Stiamo aspettando il suo telefono.',
    },
    taken: {
      title: 'Prosegua sul telefono',
      words: 'Il telefono ha aperto la verifica. Questa pagina prosegue da sola.',
    },
    capturing: {
      title: 'Ora tocca al telefono',
      words: 'Completi la verifica sul telefono e lasci aperta questa pagina.',
    },
    expired: { title: 'Questo codice è scaduto', words: 'Ne mostri uno nuovo per continuare sul telefono.' },
    stay: 'Usa questo computer',
    again: 'Mostra un nuovo codice',
    code: 'Codice QR che apre questa verifica sul telefono',
    address: 'Oppure apra questo link sul telefono',
    copy: 'Copia il link',
    copied: 'Link copiato',
    done: 'Torni al computer. Può chiudere questa pagina.',
  },
  readAloud: 'Leggi ad alta voce',
};
