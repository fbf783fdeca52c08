import { createCaptureApi } from './capture-api.ts';
import { playCaptureStory } from './capture-story.ts';
import { en } from './messages/en.ts';
import { createPageView } from './page-view.ts';
import { createScreens } from './screens.ts';
import { waitInPage } from './waiting.ts';

// A page brought back from the browser's memory has no camera and an old status: begin again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

document.documentElement.lang = en.language;

void playCaptureStory({
  api: createCaptureApi({ base: location.pathname.replace(/\/+$/, ''), fetch: (...call) => fetch(...call) }),
  view: createPageView(document),
  screens: createScreens(en),
  document,
  // Replaced, not followed: "back" must not lead into a finished check.
  leave: (url) => location.replace(url),
  now: () => performance.now(),
  wait: waitInPage,
});
