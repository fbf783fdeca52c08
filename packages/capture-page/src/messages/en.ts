import type { Messages } from './messages.ts';

/** Every word the page shows, in English: the locale that is always there. */
export const messages: Messages = {
  pageTitle: 'Liveness check',
  noScript: 'This check uses your camera and needs JavaScript. Please turn JavaScript on and load the page again.',
  loading: { title: 'One moment', words: '' },
  consent: {
    title: 'Quick camera check',
    words: 'We need to see that a real person is here.',
    wordsFrom: (name) => `${name} asks you to show that a real person is here.`,
    points: [
      'Your camera takes pictures of your face for a few seconds. You may be asked to turn your head.',
      'They are analysed for liveness only: we do not work out who you are.',
      'They are deleted after about 30 minutes at most.',
    ],
    primary: 'Agree and continue',
    secondary: 'No, go back',
  },
  permission: {
    title: 'Allow the camera',
    words: 'Your browser may ask now whether this page may use the camera. Please choose “Allow”.',
  },
  ready: {
    title: 'Put your face in the oval',
    words: 'Hold the camera at eye level, in even light.',
    primary: 'Start',
    secondary: 'Cancel',
  },
  capturing: { title: 'Hold still', words: 'Look at the camera until the ring is full.' },
  prompts: {
    left: { title: 'Turn your head left', words: 'Slowly, and stay there until the arrow changes.' },
    right: { title: 'Turn your head right', words: 'Slowly, and stay there until the arrow changes.' },
    center: { title: 'Look at the camera', words: 'Hold still for a moment.' },
  },
  hints: {
    find: 'Bring your face into the oval.',
    alone: 'Only you should be in the picture.',
    closer: 'Come a little closer.',
    further: 'Move back a little.',
    center: 'Move your face to the middle.',
    light: 'Find a little more light.',
    backlight: 'The light is behind you: turn towards it.',
    still: 'Hold still.',
    good: 'Good. Stay like this.',
  },
  sending: {
    title: 'Checking',
    words: 'This takes a few seconds. The camera is off.',
    slow: 'Still sending. Your connection seems slow, please keep this page open.',
    sent: (percent) => `${percent} % has arrived.`,
    bar: 'How much of the pictures has been sent',
  },
  done: {
    title: 'Done',
    words: 'You can close this page.',
    returning: 'You can close this page. Taking you back…',
    stillWorking: 'We are still working on it and need nothing more from you. You can close this page.',
    primary: 'Continue',
  },
  failed: { tryAgain: 'Try again', goBack: 'Go back', leave: 'Continue' },
  troubles: {
    camera_denied: {
      title: 'The camera is blocked',
      words:
        'Allow the camera for this page: use the icon beside the address, or your browser’s settings. Then try again.',
    },
    camera_unanswered: {
      title: 'The camera is not on yet',
      words: 'The browser’s question was not answered. Try again, then choose “Allow”.',
    },
    camera_missing: {
      title: 'No camera found',
      words: 'Connect a camera and try again, or open this link on a phone.',
    },
    camera_busy: {
      title: 'The camera is in use',
      words: 'Another app or tab may be using it. Close that one, then try again.',
    },
    camera_lost: {
      title: 'The camera stopped',
      words: 'It was unplugged or turned off. Turn it on again, then try again.',
    },
    camera_silent: {
      title: 'No picture from the camera',
      words: 'The camera is on but shows nothing. Check its cover, or choose another camera, then try again.',
    },
    camera_unsupported: {
      title: 'This browser cannot use the camera here',
      words:
        'Open the link in a current version of Chrome, Safari, Firefox or Edge. The address must begin with https.',
    },
    in_app_browser: {
      title: 'Please open this page in your browser',
      words: 'The app you are in does not let pages use the camera. Open its menu and choose “Open in browser”.',
    },
    page_hidden: {
      title: 'You left this page',
      words: 'The camera was turned off meanwhile. Try again when you are ready.',
    },
    unreachable: {
      title: 'No connection',
      words: 'We could not reach the server. Check your connection, then try again.',
    },
    server_fault: {
      title: 'Something did not work',
      words: 'The fault is on our side. Please try again in a moment.',
    },
    unreadable_image: { title: 'A picture was damaged', words: 'It could not be read. Please try again.' },
    too_few_frames: { title: 'Some pictures are missing', words: 'Not all of them arrived. Please try again.' },
    capture_superseded: {
      title: 'Open somewhere else',
      words: 'This check was started again in another tab. Go on there, or try again here.',
    },
    capture_elsewhere: {
      title: 'Open in another browser',
      words: 'This check was started in another browser or on another device. Please go on there.',
    },
    handoff_over: {
      title: 'This code no longer works',
      words: 'It was used before or has expired. Show a new code on your computer and scan that one.',
    },
    challenge_too_late: {
      title: 'That took too long',
      words: 'Please try again, and turn your head as soon as the arrow shows.',
    },
    too_many_failures: {
      title: 'Time for a break',
      words: 'There were several tries in a short time. Please wait a few minutes, then try again.',
    },
    capture_closed: { title: 'This try was closed', words: 'Please try again.' },
    check_expired: {
      title: 'This link has expired',
      words: 'Please go back to where you got it and ask for a new one.',
    },
    check_failed: {
      title: 'We could not complete the check',
      words: 'Please go back to where you got the link and ask for a new one.',
    },
    unknown_link: {
      title: 'This link does not work',
      words: 'Please check that the address is whole, or ask for a new link.',
    },
    cancelled: {
      title: 'Check cancelled',
      words: 'No pictures are being taken. You can close this page, or try again.',
    },
  },
  reasons: {
    NO_FACE: 'We could not see your face. Please bring it into the oval.',
    MULTIPLE_FACES: 'More than one face was in the picture. Please make sure that it is only you.',
    FACE_TOO_SMALL: 'Your face was too far away. Please come closer.',
    FACE_TOO_LARGE: 'Your face was too close. Please move back a little.',
    FACE_CUT_OFF: 'Your face was cut off. Please keep all of it in the oval.',
    TOO_DARK: 'It was too dark. Please find more light.',
    TOO_BRIGHT: 'The light was too strong. Please move out of it.',
    BLURRED: 'The picture was blurred. Please hold still, and wipe the lens.',
    TURNED_AWAY: 'Your face was turned away. Please look at the camera.',
    FACE_COVERED: 'Your face was covered. Please take off a mask or dark glasses.',
    LOW_RESOLUTION: 'The picture was not clear enough. Please clean the lens, or use another camera.',
    TOO_FEW_FRAMES: 'There were too few good pictures. Please stay in the oval until the end.',
    CHALLENGE_NOT_FOLLOWED: 'Please turn your head to where the arrow points, one step at a time.',
    CHALLENGE_TOO_LATE: 'Please turn your head a little further, as soon as the arrow shows.',
    FACE_CHANGED: 'Please stay in the picture the whole time, without quick movements.',
  },
  attempt: (number, of) => `Try ${number} of ${of}.`,
  offline: 'You are offline. We go on when the connection is back.',
  camera: { label: 'Camera', unnamed: (number) => `Camera ${number}` },
  cannotTurn: 'I cannot turn my head',
  handoff: {
    offer: 'Continue on your phone',
    waiting: {
      title: 'Continue on your phone',
      words: 'Scan this code with your phone’s camera. We are waiting for your phone.',
    },
    taken: { title: 'Go on with your phone', words: 'Your phone has opened the check. This page follows by itself.' },
    capturing: {
      title: 'Your phone is taking over',
      words: 'Please finish the check on your phone, and keep this page open.',
    },
    expired: { title: 'This code has expired', words: 'Show a new one to go on with your phone.' },
    stay: 'Use this computer instead',
    again: 'Show a new code',
    code: 'QR code that opens this check on your phone',
    address: 'Or open this link on your phone',
    copy: 'Copy link',
    copied: 'Link copied',
    done: 'Please go back to your computer. You can close this page here.',
  },
  readAloud: 'Read aloud',
};
