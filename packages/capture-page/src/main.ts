import { readBrowserQuirks } from './browser-quirks.ts';
import { createCaptureApi } from './capture-api.ts';
import { playCaptureStory } from './capture-story.ts';
import { listenToSite, tellingOf } from './embedding-site.ts';
import { framedBrowser } from './framed-browser.ts';
import { takeToken } from './handoff-token.ts';
import { chooseLocale, LOCALES, loadMessages } from './messages/locales.ts';
import { createPageView } from './page-view.ts';
import { reloadOnce } from './reload-once.ts';
import { createScreens } from './screens.ts';
import { untilOnline, waitInPage } from './waiting.ts';

// A page brought back from the browser's memory has no camera and an old status: begin again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

const handoffToken = takeToken(window);

window.addEventListener('vite:preloadError', () => {
  // A token is gone from the address once it was looked at, and who is before the camera is not to begin again.
  const stream = document.querySelector('video')?.srcObject;
  if (handoffToken !== null || (stream instanceof MediaStream && stream.active)) return;
  reloadOnce({
    storage: () => sessionStorage,
    reload: () => location.reload(),
    isOnline: () => navigator.onLine,
  });
});

// At once: the site around a frame says hello when the page has loaded.
const site = listenToSite(window);

async function openPage(): Promise<void> {
  const wished = chooseLocale({ search: location.search, preferred: navigator.languages ?? [navigator.language] });
  const { locale, messages } = await loadMessages(wished);
  document.documentElement.lang = locale;
  document.documentElement.dir = LOCALES[locale].direction;
  document.title = messages.pageTitle;
  const view = createPageView({ document, messages, locale, synthesis: window.speechSynthesis });
  const showConnection = () => view.setOffline(!navigator.onLine);
  window.addEventListener('online', showConnection);
  window.addEventListener('offline', showConnection);
  showConnection();
  await playCaptureStory({
    api: createCaptureApi({
      base: location.pathname.replace(/\/+$/, ''),
      fetch: (...call) => fetch(...call),
      framedBrowser: site && framedBrowser(() => sessionStorage),
    }),
    view: site ? tellingOf(view, site) : view,
    site,
    screens: createScreens(messages),
    locale,
    quirks: readBrowserQuirks(navigator),
    handoffToken,
    // A finger as the first pointer: a phone or a tablet, which is what a computer hands over to.
    isComputer: !matchMedia('(pointer: coarse)').matches,
    document,
    // Replaced, not followed: "back" must not lead into a finished check.
    leave: (url) => location.replace(url),
    now: () => performance.now(),
    wait: waitInPage,
    // A lost connection is tried again when there is one.
    pause: async (milliseconds) => {
      await waitInPage(milliseconds);
      await untilOnline(window);
    },
  });
}

void openPage();
