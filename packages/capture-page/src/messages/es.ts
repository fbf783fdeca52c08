import type { Messages } from './messages.ts';

export const messages: Messages = {
  pageTitle: 'Prueba de vida',
  noScript: 'Esta prueba usa su cámara y necesita JavaScript. Active JavaScript y vuelva a cargar la página.',
  loading: { title: 'Un momento', words: '' },
  consent: {
    title: 'Prueba rápida con la cámara',
    words: 'Necesitamos ver que hay una persona real.',
    wordsFrom: (name) => `${name} le pide que muestre que hay una persona real.`,
    points: [
      'Su cámara toma imágenes de su cara durante unos segundos. Quizá se le pida girar la cabeza.',
      'Solo sirven para comprobar que hay una persona: no averiguamos quién es usted.',
      'Se borran como máximo después de unos 30 minutos.',
    ],
    primary: 'Aceptar y continuar',
    secondary: 'No, volver',
  },
  permission: {
    title: 'Permita la cámara',
    words: 'Es posible que el navegador pregunte si esta página puede usar la cámara. Elija «Permitir».',
  },
  ready: {
    title: 'Ponga la cara en el óvalo',
    words: 'Sostenga la cámara a la altura de los ojos, con luz uniforme.',
    primary: 'Empezar',
    secondary: 'Cancelar',
  },
  capturing: { title: 'No se mueva', words: 'Mire a la cámara hasta que el anillo esté completo.' },
  prompts: {
    left: { title: 'Gire la cabeza a la izquierda', words: 'Despacio, y quédese así hasta que cambie la flecha.' },
    right: { title: 'Gire la cabeza a la derecha', words: 'Despacio, y quédese así hasta que cambie la flecha.' },
    center: { title: 'Mire a la cámara', words: 'Quédese quieto un momento.' },
  },
  hints: {
    find: 'Ponga la cara en el óvalo.',
    alone: 'Solo usted debe estar en la imagen.',
    closer: 'Acérquese un poco.',
    further: 'Aléjese un poco.',
    center: 'Lleve la cara al centro.',
    light: 'Busque un poco más de luz.',
    backlight: 'La luz está detrás: gírese hacia ella.',
    still: 'No se mueva.',
    good: 'Bien. Quédese así.',
  },
  sending: {
    title: 'Comprobando',
    words: 'Tarda unos segundos. La cámara está apagada.',
    slow: 'Seguimos enviando. Su conexión parece lenta; deje esta página abierta.',
    sent: (percent) => `Ha llegado el ${percent} %.`,
    bar: 'Parte de las imágenes ya enviada',
  },
  done: {
    title: 'Listo',
    words: 'Puede cerrar esta página.',
    returning: 'Puede cerrar esta página. Volviendo…',
    stillWorking: 'Seguimos trabajando y no necesitamos nada más de usted. Puede cerrar esta página.',
    primary: 'Continuar',
  },
  failed: { tryAgain: 'Reintentar', goBack: 'Volver', leave: 'Continuar' },
  troubles: {
    camera_denied: {
      title: 'La cámara está bloqueada',
      words:
        'Permita la cámara para esta página: con el icono junto a la dirección o en los ajustes del navegador. Después, reintente.',
    },
    camera_unanswered: {
      title: 'La cámara aún no está encendida',
      words: 'No se respondió a la pregunta del navegador. Reintente y elija «Permitir».',
    },
    camera_missing: {
      title: 'No se encontró ninguna cámara',
      words: 'Conecte una cámara y reintente, o abra este enlace en un teléfono.',
    },
    camera_busy: {
      title: 'La cámara está en uso',
      words: 'Quizá la use otra aplicación o pestaña. Ciérrela y reintente.',
    },
    camera_lost: {
      title: 'La cámara se detuvo',
      words: 'Se desconectó o se apagó. Enciéndala de nuevo y reintente.',
    },
    camera_silent: {
      title: 'La cámara no da imagen',
      words: 'La cámara está encendida pero no muestra nada. Revise la tapa o elija otra cámara y reintente.',
    },
    camera_unsupported: {
      title: 'Este navegador no puede usar la cámara aquí',
      words:
        'Abra el enlace en una versión actual de Chrome, Safari, Firefox o Edge. La dirección debe empezar por https.',
    },
    in_app_browser: {
      title: 'Abra esta página en su navegador',
      words:
        'La aplicación en la que está no deja que las páginas usen la cámara. Abra su menú y elija «Abrir en el navegador».',
    },
    page_hidden: {
      title: 'Salió de esta página',
      words: 'Mientras tanto se apagó la cámara. Reintente cuando quiera.',
    },
    unreachable: {
      title: 'Sin conexión',
      words: 'No pudimos llegar al servidor. Revise su conexión y reintente.',
    },
    server_fault: {
      title: 'Algo no funcionó',
      words: 'El fallo es nuestro. Reintente dentro de un momento.',
    },
    unreadable_image: { title: 'Una imagen estaba dañada', words: 'No se pudo leer. Reintente.' },
    too_few_frames: { title: 'Faltan imágenes', words: 'No llegaron todas. Reintente.' },
    capture_superseded: {
      title: 'Abierta en otro lugar',
      words: 'Esta prueba se volvió a empezar en otra pestaña. Continúe allí o reintente aquí.',
    },
    capture_elsewhere: {
      title: 'Abierta en otro navegador',
      words: 'Esta prueba se empezó en otro navegador o en otro dispositivo. Continúe allí.',
    },
    handoff_over: {
      title: 'Este código ya no funciona',
      words: 'Ya se usó o ha caducado. Muestre un código nuevo en el ordenador y escanéelo.',
    },
    challenge_too_late: {
      title: 'Tardó demasiado',
      words: 'Reintente y gire la cabeza en cuanto aparezca la flecha.',
    },
    too_many_failures: {
      title: 'Hagamos una pausa',
      words: 'Hubo varios intentos en poco tiempo. Espere unos minutos y vuelva a intentarlo.',
    },
    capture_closed: { title: 'Este intento se cerró', words: 'Reintente.' },
    check_expired: {
      title: 'Este enlace ha caducado',
      words: 'Vuelva a donde lo recibió y pida uno nuevo.',
    },
    check_failed: {
      title: 'No pudimos completar la prueba',
      words: 'Vuelva a donde recibió el enlace y pida uno nuevo.',
    },
    unknown_link: {
      title: 'Este enlace no funciona',
      words: 'Compruebe que la dirección está completa o pida un enlace nuevo.',
    },
    cancelled: {
      title: 'Prueba cancelada',
      words: 'No se toman imágenes. Puede cerrar esta página o reintentar.',
    },
  },
  reasons: {
    NO_FACE: 'No pudimos ver su cara. Póngala en el óvalo.',
    MULTIPLE_FACES: 'Había más de una cara en la imagen. Asegúrese de estar solo.',
    FACE_TOO_SMALL: 'Su cara estaba demasiado lejos. Acérquese.',
    FACE_TOO_LARGE: 'Su cara estaba demasiado cerca. Aléjese un poco.',
    FACE_CUT_OFF: 'Su cara quedó cortada. Manténgala entera en el óvalo.',
    TOO_DARK: 'Estaba demasiado oscuro. Busque más luz.',
    TOO_BRIGHT: 'La luz era demasiado fuerte. Apártese de ella.',
    BLURRED: 'La imagen salió borrosa. No se mueva y limpie la lente.',
    TURNED_AWAY: 'Su cara estaba girada. Mire a la cámara.',
    FACE_COVERED: 'Su cara estaba tapada. Quítese la mascarilla o las gafas oscuras.',
    LOW_RESOLUTION: 'La imagen no era lo bastante clara. Limpie la lente o use otra cámara.',
    TOO_FEW_FRAMES: 'Hubo muy pocas imágenes buenas. Quédese en el óvalo hasta el final.',
    CHALLENGE_NOT_FOLLOWED: 'Gire la cabeza hacia donde señala la flecha, paso a paso.',
    CHALLENGE_TOO_LATE: 'Gire la cabeza un poco más, en cuanto aparezca la flecha.',
    FACE_CHANGED: 'Quédese en la imagen todo el tiempo, sin movimientos rápidos.',
  },
  attempt: (number, of) => `Intento ${number} de ${of}.`,
  offline: 'Está sin conexión. Seguiremos cuando vuelva.',
  camera: { label: 'Cámara', unnamed: (number) => `Cámara ${number}` },
  cannotTurn: 'No puedo girar la cabeza',
  handoff: {
    offer: 'Continuar en el teléfono',
    waiting: {
      title: 'Continuar en el teléfono',
      words: 'Escanee este código con la cámara de su teléfono. Estamos esperando su teléfono.',
    },
    taken: { title: 'Siga en su teléfono', words: 'Su teléfono ha abierto la prueba. Esta página avanza sola.' },
    capturing: {
      title: 'Su teléfono toma el relevo',
      words: 'Termine la prueba en el teléfono y deje esta página abierta.',
    },
    expired: { title: 'Este código ha caducado', words: 'Muestre uno nuevo para seguir en el teléfono.' },
    stay: 'Usar este ordenador',
    again: 'Mostrar un código nuevo',
    code: 'Código QR que abre esta prueba en su teléfono',
    address: 'O abra este enlace en su teléfono',
    copy: 'Copiar enlace',
    copied: 'Enlace copiado',
    done: 'Vuelva a su ordenador. Puede cerrar esta página.',
  },
  readAloud: 'Leer en voz alta',
};
