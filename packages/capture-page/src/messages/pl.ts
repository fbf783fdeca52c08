import type { Messages } from './messages.ts';

export const messages: Messages = {
  pageTitle: 'Sprawdzenie obecności',
  noScript: 'To sprawdzenie używa kamery i wymaga JavaScriptu. Włącz JavaScript i wczytaj stronę ponownie.',
  loading: { title: 'Chwileczkę', words: '' },
  consent: {
    title: 'Krótkie sprawdzenie kamerą',
    words: 'Musimy zobaczyć, że jest tu prawdziwa osoba.',
    wordsFrom: (name) => `${name} prosi o pokazanie, że jest tu prawdziwa osoba.`,
    points: [
      'Kamera przez kilka sekund robi zdjęcia Twojej twarzy. Możemy poprosić o obrót głowy.',
      'Sprawdzamy tylko, czy jest tu człowiek: nie ustalamy, kim jesteś.',
      'Zdjęcia są usuwane najpóźniej po około 30 minutach.',
    ],
    primary: 'Zgadzam się, dalej',
    secondary: 'Nie, wróć',
  },
  permission: {
    title: 'Zezwól na kamerę',
    words: 'Przeglądarka może teraz zapytać, czy ta strona może użyć kamery. Wybierz „Zezwól”.',
  },
  ready: {
    title: 'Umieść twarz w owalu',
    words: 'Trzymaj kamerę na wysokości oczu, w równym świetle.',
    primary: 'Zacznij',
    secondary: 'Anuluj',
  },
  capturing: { title: 'Nie ruszaj się', words: 'Patrz w kamerę, aż pierścień się wypełni.' },
  prompts: {
    left: { title: 'Obróć głowę w lewo', words: 'Powoli, i zostań tak, aż strzałka się zmieni.' },
    right: { title: 'Obróć głowę w prawo', words: 'Powoli, i zostań tak, aż strzałka się zmieni.' },
    center: { title: 'Spójrz w kamerę', words: 'Przez chwilę się nie ruszaj.' },
  },
  hints: {
    find: 'Umieść twarz w owalu.',
    alone: 'Na obrazie powinna być tylko jedna osoba.',
    closer: 'Podejdź trochę bliżej.',
    further: 'Odsuń się trochę.',
    center: 'Przesuń twarz na środek.',
    light: 'Znajdź trochę więcej światła.',
    backlight: 'Światło jest za Tobą: obróć się do niego.',
    still: 'Nie ruszaj się.',
    good: 'Dobrze. Zostań tak.',
  },
  sending: {
    title: 'Sprawdzamy',
    words: 'To potrwa kilka sekund. Kamera jest wyłączona.',
    slow: 'Nadal wysyłamy. Połączenie wydaje się wolne, nie zamykaj tej strony.',
    sent: (percent) => `Dotarło ${percent} %.`,
    bar: 'Jaka część zdjęć została wysłana',
  },
  done: {
    title: 'Gotowe',
    words: 'Możesz zamknąć tę stronę.',
    returning: 'Możesz zamknąć tę stronę. Wracamy…',
    stillWorking: 'Jeszcze nad tym pracujemy i niczego więcej nie potrzebujemy. Możesz zamknąć tę stronę.',
    primary: 'Dalej',
  },
  failed: { tryAgain: 'Spróbuj ponownie', goBack: 'Wróć', leave: 'Dalej' },
  troubles: {
    camera_denied: {
      title: 'Kamera jest zablokowana',
      words:
        'Zezwól tej stronie na kamerę: ikoną obok adresu albo w ustawieniach przeglądarki. Potem spróbuj ponownie.',
    },
    camera_unanswered: {
      title: 'Kamera nie jest jeszcze włączona',
      words: 'Pytanie przeglądarki zostało bez odpowiedzi. Spróbuj ponownie i wybierz „Zezwól”.',
    },
    camera_missing: {
      title: 'Nie znaleziono kamery',
      words: 'Podłącz kamerę i spróbuj ponownie albo otwórz ten link na telefonie.',
    },
    camera_busy: {
      title: 'Kamera jest zajęta',
      words: 'Może używać jej inna aplikacja lub karta. Zamknij ją i spróbuj ponownie.',
    },
    camera_lost: {
      title: 'Kamera przestała działać',
      words: 'Została odłączona lub wyłączona. Włącz ją i spróbuj ponownie.',
    },
    camera_silent: {
      title: 'Kamera nie daje obrazu',
      words:
        'Kamera jest włączona, ale nic nie pokazuje. Sprawdź, czy nie jest zasłonięta, albo wybierz inną i spróbuj ponownie.',
    },
    camera_unsupported: {
      title: 'Ta przeglądarka nie może tu użyć kamery',
      words: 'Otwórz link w aktualnej wersji Chrome, Safari, Firefox lub Edge. Adres musi zaczynać się od https.',
    },
    in_app_browser: {
      title: 'Otwórz tę stronę w przeglądarce',
      words:
        'Aplikacja, w której jesteś, nie pozwala stronom używać kamery. Otwórz jej menu i wybierz „Otwórz w przeglądarce”.',
    },
    page_hidden: {
      title: 'Strona została opuszczona',
      words: 'W tym czasie kamera została wyłączona. Spróbuj ponownie, gdy zechcesz.',
    },
    unreachable: {
      title: 'Brak połączenia',
      words: 'Nie udało się połączyć z serwerem. Sprawdź połączenie i spróbuj ponownie.',
    },
    server_fault: {
      title: 'Coś nie zadziałało',
      words: 'Błąd jest po naszej stronie. Spróbuj ponownie za chwilę.',
    },
    unreadable_image: { title: 'Jedno zdjęcie było uszkodzone', words: 'Nie udało się go odczytać. Spróbuj ponownie.' },
    too_few_frames: { title: 'Brakuje zdjęć', words: 'Nie wszystkie dotarły. Spróbuj ponownie.' },
    capture_superseded: {
      title: 'Otwarte gdzie indziej',
      words: 'Sprawdzenie zaczęto od nowa w innej karcie. Kontynuuj tam albo spróbuj ponownie tutaj.',
    },
    capture_elsewhere: {
      title: 'Otwarte w innej przeglądarce',
      words: 'Sprawdzenie zaczęto w innej przeglądarce lub na innym urządzeniu. Kontynuuj tam.',
    },
    handoff_over: {
      title: 'Ten kod już nie działa',
      words: 'Został już użyty albo wygasł. Pokaż na komputerze nowy kod i zeskanuj go.',
    },
    challenge_too_late: {
      title: 'Trwało to zbyt długo',
      words: 'Spróbuj ponownie i obróć głowę, gdy tylko pojawi się strzałka.',
    },
    too_many_failures: {
      title: 'Czas na przerwę',
      words: 'Było kilka prób w krótkim czasie. Odczekaj kilka minut i spróbuj ponownie.',
    },
    capture_closed: { title: 'Ta próba jest zamknięta', words: 'Spróbuj ponownie.' },
    check_expired: {
      title: 'Ten link wygasł',
      words: 'Wróć tam, skąd go masz, i poproś o nowy.',
    },
    check_failed: {
      title: 'Nie udało się dokończyć sprawdzenia',
      words: 'Wróć tam, skąd masz link, i poproś o nowy.',
    },
    unknown_link: {
      title: 'Ten link nie działa',
      words: 'Sprawdź, czy adres jest pełny, albo poproś o nowy link.',
    },
    cancelled: {
      title: 'Sprawdzenie anulowane',
      words: 'Nie robimy żadnych zdjęć. Możesz zamknąć tę stronę albo spróbować ponownie.',
    },
  },
  reasons: {
    NO_FACE: 'Nie widzieliśmy Twojej twarzy. Umieść ją w owalu.',
    MULTIPLE_FACES: 'Na obrazie była więcej niż jedna twarz. Zadbaj, by była tylko Twoja.',
    FACE_TOO_SMALL: 'Twarz była za daleko. Podejdź bliżej.',
    FACE_TOO_LARGE: 'Twarz była za blisko. Odsuń się trochę.',
    FACE_CUT_OFF: 'Twarz była ucięta. Trzymaj ją całą w owalu.',
    TOO_DARK: 'Było za ciemno. Znajdź więcej światła.',
    TOO_BRIGHT: 'Światło było za mocne. Odsuń się od niego.',
    BLURRED: 'Obraz był nieostry. Nie ruszaj się i przetrzyj obiektyw.',
    TURNED_AWAY: 'Twarz była odwrócona. Spójrz w kamerę.',
    FACE_COVERED: 'Twarz była zasłonięta. Zdejmij maskę lub ciemne okulary.',
    LOW_RESOLUTION: 'Obraz nie był dość wyraźny. Wyczyść obiektyw albo użyj innej kamery.',
    TOO_FEW_FRAMES: 'Było za mało dobrych zdjęć. Zostań w owalu do końca.',
    CHALLENGE_NOT_FOLLOWED: 'Obracaj głowę tam, gdzie wskazuje strzałka, krok po kroku.',
    CHALLENGE_TOO_LATE: 'Obróć głowę trochę dalej, gdy tylko pojawi się strzałka.',
    FACE_CHANGED: 'Zostań na obrazie cały czas, bez szybkich ruchów.',
  },
  attempt: (number, of) => `Próba ${number} z ${of}.`,
  offline: 'Brak połączenia. Będziemy kontynuować, gdy wróci.',
  camera: { label: 'Kamera', unnamed: (number) => `Kamera ${number}` },
  cannotTurn: 'Nie mogę obrócić głowy',
  handoff: {
    offer: 'Przejdź na telefon',
    waiting: { title: 'Przejdź na telefon', words: 'Zeskanuj ten kod aparatem telefonu. Czekamy na Twój telefon.' },
    taken: {
      title: 'Kontynuuj na telefonie',
      words: 'Sprawdzenie jest już otwarte na telefonie. Ta strona sama przejdzie dalej.',
    },
    capturing: {
      title: 'Telefon przejmuje sprawdzenie',
      words: 'Dokończ sprawdzenie na telefonie i nie zamykaj tej strony.',
    },
    expired: { title: 'Ten kod wygasł', words: 'Pokaż nowy, aby kontynuować na telefonie.' },
    stay: 'Zostań przy tym komputerze',
    again: 'Pokaż nowy kod',
    code: 'Kod QR, który otwiera to sprawdzenie na telefonie',
    address: 'Albo otwórz ten link na telefonie',
    copy: 'Kopiuj link',
    copied: 'Link skopiowany',
    done: 'Wróć do komputera. Tę stronę możesz zamknąć.',
  },
  readAloud: 'Czytaj na głos',
};
