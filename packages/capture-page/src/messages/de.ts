import type { Messages } from './messages.ts';

export const messages: Messages = {
  pageTitle: 'Lebendprüfung',
  noScript:
    'Diese Prüfung nutzt Ihre Kamera und braucht JavaScript. Bitte schalten Sie JavaScript ein und laden Sie die Seite neu.',
  loading: { title: 'Einen Moment', words: '' },
  consent: {
    title: 'Kurze Kameraprüfung',
    words: 'Wir müssen sehen, dass ein echter Mensch da ist.',
    wordsFrom: (name) => `${name} bittet Sie zu zeigen, dass ein echter Mensch da ist.`,
    points: [
      'Ihre Kamera nimmt einige Sekunden lang Bilder Ihres Gesichts auf. Vielleicht sollen Sie den Kopf drehen.',
      'Wir prüfen damit nur, ob ein Mensch da ist: Wir stellen nicht fest, wer Sie sind.',
      'Die Bilder werden nach spätestens etwa 30 Minuten gelöscht.',
    ],
    primary: 'Zustimmen und weiter',
    secondary: 'Nein, zurück',
  },
  permission: {
    title: 'Kamera erlauben',
    words: 'Ihr Browser fragt jetzt vielleicht, ob diese Seite die Kamera nutzen darf. Bitte wählen Sie „Zulassen“.',
  },
  ready: {
    title: 'Gesicht in das Oval',
    words: 'Halten Sie die Kamera auf Augenhöhe, bei gleichmäßigem Licht.',
    primary: 'Starten',
    secondary: 'Abbrechen',
  },
  capturing: { title: 'Stillhalten', words: 'Schauen Sie in die Kamera, bis der Ring voll ist.' },
  prompts: {
    left: { title: 'Kopf nach links drehen', words: 'Langsam, und so bleiben, bis der Pfeil wechselt.' },
    right: { title: 'Kopf nach rechts drehen', words: 'Langsam, und so bleiben, bis der Pfeil wechselt.' },
    center: { title: 'In die Kamera schauen', words: 'Halten Sie einen Moment still.' },
  },
  hints: {
    find: 'Bringen Sie Ihr Gesicht in das Oval.',
    alone: 'Nur Sie sollten im Bild sein.',
    closer: 'Kommen Sie etwas näher.',
    further: 'Gehen Sie etwas zurück.',
    center: 'Bringen Sie Ihr Gesicht in die Mitte.',
    light: 'Suchen Sie etwas mehr Licht.',
    backlight: 'Das Licht ist hinter Ihnen: Drehen Sie sich zum Licht.',
    still: 'Bitte stillhalten.',
    good: 'Gut. Bleiben Sie so.',
  },
  sending: {
    title: 'Wird geprüft',
    words: 'Das dauert ein paar Sekunden. Die Kamera ist aus.',
    slow: 'Es wird noch gesendet. Ihre Verbindung scheint langsam zu sein, bitte lassen Sie die Seite offen.',
    sent: (percent) => `${percent} % sind angekommen.`,
    bar: 'Wie viel der Bilder gesendet ist',
  },
  done: {
    title: 'Fertig',
    words: 'Sie können diese Seite schließen.',
    returning: 'Sie können diese Seite schließen. Wir bringen Sie zurück …',
    stillWorking: 'Wir arbeiten noch daran und brauchen nichts mehr von Ihnen. Sie können diese Seite schließen.',
    primary: 'Weiter',
  },
  failed: { tryAgain: 'Noch einmal', goBack: 'Zurück', leave: 'Weiter' },
  troubles: {
    camera_denied: {
      title: 'Die Kamera ist gesperrt',
      words:
        'Erlauben Sie dieser Seite die Kamera: über das Symbol neben der Adresse oder in den Einstellungen des Browsers. Versuchen Sie es dann noch einmal.',
    },
    camera_unanswered: {
      title: 'Die Kamera ist noch nicht an',
      words: 'Die Frage des Browsers wurde nicht beantwortet. Versuchen Sie es noch einmal und wählen Sie „Zulassen“.',
    },
    camera_missing: {
      title: 'Keine Kamera gefunden',
      words:
        'Schließen Sie eine Kamera an und versuchen Sie es noch einmal, oder öffnen Sie diesen Link auf einem Telefon.',
    },
    camera_busy: {
      title: 'Die Kamera wird schon benutzt',
      words:
        'Vielleicht nutzt sie eine andere App oder ein anderer Tab. Schließen Sie diese und versuchen Sie es noch einmal.',
    },
    camera_lost: {
      title: 'Die Kamera hat aufgehört',
      words: 'Sie wurde getrennt oder ausgeschaltet. Schalten Sie sie wieder ein und versuchen Sie es noch einmal.',
    },
    camera_silent: {
      title: 'Kein Bild von der Kamera',
      words:
        'Die Kamera ist an, zeigt aber nichts. Prüfen Sie die Abdeckung oder wählen Sie eine andere Kamera und versuchen Sie es noch einmal.',
    },
    camera_unsupported: {
      title: 'Dieser Browser kann die Kamera hier nicht nutzen',
      words:
        'Öffnen Sie den Link in einem aktuellen Chrome, Safari, Firefox oder Edge. Die Adresse muss mit https beginnen.',
    },
    in_app_browser: {
      title: 'Bitte öffnen Sie diese Seite in Ihrem Browser',
      words:
        'Die App, in der Sie sind, lässt Seiten nicht an die Kamera. Öffnen Sie das Menü der App und wählen Sie „Im Browser öffnen“.',
    },
    page_hidden: {
      title: 'Sie haben diese Seite verlassen',
      words: 'Die Kamera wurde inzwischen ausgeschaltet. Versuchen Sie es noch einmal, wenn Sie bereit sind.',
    },
    unreachable: {
      title: 'Keine Verbindung',
      words: 'Wir konnten den Server nicht erreichen. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
    },
    server_fault: {
      title: 'Etwas hat nicht funktioniert',
      words: 'Der Fehler liegt bei uns. Bitte versuchen Sie es gleich noch einmal.',
    },
    unreadable_image: {
      title: 'Ein Bild war beschädigt',
      words: 'Es konnte nicht gelesen werden. Bitte versuchen Sie es noch einmal.',
    },
    too_few_frames: {
      title: 'Es fehlen Bilder',
      words: 'Nicht alle sind angekommen. Bitte versuchen Sie es noch einmal.',
    },
    capture_superseded: {
      title: 'Woanders geöffnet',
      words:
        'Diese Prüfung wurde in einem anderen Tab neu gestartet. Machen Sie dort weiter oder versuchen Sie es hier noch einmal.',
    },
    capture_elsewhere: {
      title: 'In einem anderen Browser geöffnet',
      words:
        'Diese Prüfung wurde in einem anderen Browser oder auf einem anderen Gerät begonnen. Bitte machen Sie dort weiter.',
    },
    handoff_over: {
      title: 'Dieser Code gilt nicht mehr',
      words:
        'Er wurde schon benutzt oder ist abgelaufen. Zeigen Sie am Computer einen neuen Code an und scannen Sie diesen.',
    },
    challenge_too_late: {
      title: 'Das hat zu lange gedauert',
      words: 'Bitte versuchen Sie es noch einmal und drehen Sie den Kopf, sobald der Pfeil erscheint.',
    },
    too_many_failures: {
      title: 'Zeit für eine Pause',
      words:
        'Es gab in kurzer Zeit mehrere Versuche. Bitte warten Sie einige Minuten und versuchen Sie es dann noch einmal.',
    },
    capture_closed: { title: 'Dieser Versuch ist beendet', words: 'Bitte versuchen Sie es noch einmal.' },
    check_expired: {
      title: 'Dieser Link ist abgelaufen',
      words: 'Bitte gehen Sie dorthin zurück, wo Sie ihn bekommen haben, und bitten Sie um einen neuen.',
    },
    check_failed: {
      title: 'Wir konnten die Prüfung nicht abschließen',
      words: 'Bitte gehen Sie dorthin zurück, wo Sie den Link bekommen haben, und bitten Sie um einen neuen.',
    },
    unknown_link: {
      title: 'Dieser Link funktioniert nicht',
      words: 'Bitte prüfen Sie, ob die Adresse vollständig ist, oder bitten Sie um einen neuen Link.',
    },
    cancelled: {
      title: 'Prüfung abgebrochen',
      words: 'Es werden keine Bilder aufgenommen. Sie können diese Seite schließen oder es noch einmal versuchen.',
    },
  },
  reasons: {
    NO_FACE: 'Wir konnten Ihr Gesicht nicht sehen. Bitte bringen Sie es in das Oval.',
    MULTIPLE_FACES: 'Es war mehr als ein Gesicht im Bild. Bitte achten Sie darauf, dass nur Sie zu sehen sind.',
    FACE_TOO_SMALL: 'Ihr Gesicht war zu weit weg. Bitte kommen Sie näher.',
    FACE_TOO_LARGE: 'Ihr Gesicht war zu nah. Bitte gehen Sie etwas zurück.',
    FACE_CUT_OFF: 'Ihr Gesicht war abgeschnitten. Bitte halten Sie es ganz im Oval.',
    TOO_DARK: 'Es war zu dunkel. Bitte suchen Sie mehr Licht.',
    TOO_BRIGHT: 'Das Licht war zu stark. Bitte gehen Sie aus dem Licht.',
    BLURRED: 'Das Bild war unscharf. Bitte halten Sie still und wischen Sie die Linse ab.',
    TURNED_AWAY: 'Ihr Gesicht war abgewandt. Bitte schauen Sie in die Kamera.',
    FACE_COVERED: 'Ihr Gesicht war verdeckt. Bitte nehmen Sie Maske oder dunkle Brille ab.',
    LOW_RESOLUTION: 'Das Bild war nicht klar genug. Bitte reinigen Sie die Linse oder nehmen Sie eine andere Kamera.',
    TOO_FEW_FRAMES: 'Es gab zu wenige gute Bilder. Bitte bleiben Sie bis zum Ende im Oval.',
    CHALLENGE_NOT_FOLLOWED: 'Bitte drehen Sie den Kopf dorthin, wohin der Pfeil zeigt, einen Schritt nach dem anderen.',
    CHALLENGE_TOO_LATE: 'Bitte drehen Sie den Kopf etwas weiter, sobald der Pfeil erscheint.',
    FACE_CHANGED: 'Bitte bleiben Sie die ganze Zeit im Bild, ohne schnelle Bewegungen.',
  },
  attempt: (number, of) => `Versuch ${number} von ${of}.`,
  offline: 'Sie sind offline. Es geht weiter, sobald die Verbindung zurück ist.',
  camera: { label: 'Kamera', unnamed: (number) => `Kamera ${number}` },
  cannotTurn: 'Ich kann den Kopf nicht drehen',
  handoff: {
    offer: 'Auf dem Handy weitermachen',
    waiting: {
      title: 'Auf dem Handy weitermachen',
      words: 'Scannen Sie diesen Code mit der Kamera Ihres Handys. Wir warten auf Ihr Handy.',
    },
    taken: {
      title: 'Weiter auf Ihrem Handy',
      words: 'Ihr Handy hat die Prüfung geöffnet. Diese Seite geht von selbst weiter.',
    },
    capturing: {
      title: 'Ihr Handy übernimmt',
      words: 'Bitte schließen Sie die Prüfung auf dem Handy ab und lassen Sie diese Seite offen.',
    },
    expired: {
      title: 'Dieser Code ist abgelaufen',
      words: 'Zeigen Sie einen neuen an, um auf dem Handy weiterzumachen.',
    },
    stay: 'Doch diesen Computer benutzen',
    again: 'Neuen Code anzeigen',
    code: 'QR-Code, der diese Prüfung auf Ihrem Handy öffnet',
    address: 'Oder öffnen Sie diesen Link auf Ihrem Handy',
    copy: 'Link kopieren',
    copied: 'Link kopiert',
    done: 'Bitte gehen Sie zurück an Ihren Computer. Diese Seite können Sie schließen.',
  },
  readAloud: 'Vorlesen',
};
