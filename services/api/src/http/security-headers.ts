/** Headers of every answer, and the stricter page policy of the capture page. */
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';

const none = ["'none'"];

/** For answers that are data: nothing in them may run or be framed. */
export const dataHeaders: RequestHandler = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: none, frameAncestors: none } },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
});

/** For the capture page: only what we serve runs, the camera is ours alone, and the link leaks to nobody as referrer. */
export const pageHeaders: RequestHandler[] = [
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: none,
        // WebAssembly, for the detector behind the hints; it allows no eval of scripts.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        frameAncestors: none,
        baseUri: none,
        formAction: ["'self'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  }),
  (_request, response, next) => {
    response.set('Permissions-Policy', 'camera=(self), microphone=(), geolocation=()');
    next();
  },
];

/** Lets these sites, and no other, show the page in a frame. The older header knows no list, and would forbid it. */
export function letBeFramed(response: Response, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const policy = String(response.get('Content-Security-Policy'));
  response.set(
    'Content-Security-Policy',
    policy.replace("frame-ancestors 'none'", `frame-ancestors ${origins.join(' ')}`),
  );
  response.removeHeader('X-Frame-Options');
}

/** For files that other sites load: the script of `<livegate-check>`. */
export const sharedHeaders: RequestHandler[] = [
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: none, frameAncestors: none } },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  }),
  (_request, response, next) => {
    response.set('Access-Control-Allow-Origin', '*');
    next();
  },
];

/** For the docs page: our files and requests to this server, nothing else. `data:` is for the renderer's icons. */
export const docsHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: none,
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      frameAncestors: none,
      baseUri: none,
      formAction: none,
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
});

const consoleDirectives = {
  defaultSrc: none,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:', 'data:'],
  mediaSrc: ["'self'", 'blob:'],
  frameAncestors: none,
  baseUri: none,
  formAction: none,
};

/** For the console: our files and requests to this server, nothing inline; the camera for the page that tries a picture. */
export const consoleHeaders: RequestHandler[] = [
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: consoleDirectives },
    referrerPolicy: { policy: 'no-referrer' },
  }),
  (_request, response, next) => {
    response.set('Permissions-Policy', 'camera=(self), microphone=(), geolocation=()');
    next();
  },
];

/** For BullMQ's board: the same, but its page says where it is mounted. */
export const boardHeaders: RequestHandler = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { ...consoleDirectives, baseUri: ["'self'"] } },
  referrerPolicy: { policy: 'no-referrer' },
});

/** Answers about a check or a capture are nobody's to keep. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
