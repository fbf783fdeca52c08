import { askToStart } from './ask-to-start.ts';
import { awaitOutcome } from './await-outcome.ts';
import type { BrowserQuirks } from './browser-quirks.ts';
import { type CameraEvidence, listCameras, openCamera } from './camera.ts';
import { isOfDevice } from './camera-troubles.ts';
import type { CaptureApi, LeaveReason } from './capture-api.ts';
import type { CheckStatus } from './check-status.ts';
import type { ClosedReason, EmbeddingSite } from './embedding-site.ts';
import { watchForInterruption } from './interruption.ts';
import { watchLine } from './line-speed.ts';
import type { Choice, PageView } from './page-view.ts';
import { forgetCamera, rememberCamera, rememberedCamera } from './remembered-camera.ts';
import { withRetries } from './retry.ts';
import { type createScreens, failedControlsOf, type OverCode } from './screens.ts';
import { type Sent, takePictures } from './take-pictures.ts';
import { TROUBLES, Trouble, type TroubleCode, troubleCodeOf } from './trouble.ts';
import { type Wait, withinLimit } from './waiting.ts';

/** What the story needs from the page. */
export type StoryDeps = {
  api: CaptureApi;
  view: PageView;
  screens: ReturnType<typeof createScreens>;
  document: Document;
  leave: (url: string) => void;
  /** The site that shows the page in a frame: it is told, and the page stays. */
  site: EmbeddingSite | null;
  locale: string;
  quirks: BrowserQuirks;
  /** This page was opened with a code from another browser. */
  handoffToken: string | null;
  isComputer: boolean;
  now: () => number;
  wait: Wait;
  /** As `wait`, but before a call is tried again: longer while there is no connection. */
  pause: Wait;
};

/** What never comes: a race goes on without it. */
const never = () => new Promise<never>(() => {});

/** A step does its part and names the next one; null ends the story. */
type Step = () => Promise<Step | null>;
type SentWithEvidence = Sent & { evidence: CameraEvidence | null };

const DONE_IS_READ_MS = 1_500;
const PHONE_IS_ASKED_EVERY_MS = 1_500;
const CODE_LIMIT_MS = 10_000;
const SENDING_IS_SLOW_MS = 8_000;
const UPLOAD_IS_TOLD_EVERY_MS = 700;

/** Plays the story from the first status to the last screen; trouble is shown, and the person decides how to go on. */
export async function playCaptureStory(deps: StoryDeps): Promise<void> {
  const { api, view, screens } = deps;

  let isHandoffOffered = false;
  let untakenToken = deps.handoffToken;
  let chosenCamera: string | null = null;
  const pictures = { ...deps, line: watchLine(deps.now) };
  let step: Step | null = arrive;
  while (step) {
    const current: Step = step;
    step = await current().catch((thrown) => showTrouble(troubleCodeOf(thrown), current));
  }

  async function readStatus(): Promise<CheckStatus> {
    const status = await withRetries(api.status, deps.pause);
    isHandoffOffered = status.canHandOff && status.handoff !== 'here';
    deps.site?.allow(status.frameOrigins);
    view.setLogo(status);
    return status;
  }

  /** A camera that is not there is a reason on any device. */
  function mayHandOff(code?: TroubleCode): { canHandOff: boolean } {
    return { canHandOff: isHandoffOffered && (deps.isComputer || code === 'camera_missing') };
  }

  async function arrive(): Promise<Step | null> {
    let status = await readStatus();
    if (untakenToken) {
      const token = untakenToken;
      await withRetries(() => api.takeHandoff(token), deps.pause);
      untakenToken = null;
      status = await readStatus();
    }
    if (status.handoff === 'taken' || status.handoff === 'capturing') return followPhone;
    if (status.isElsewhere && status.state !== 'done') return showTrouble('capture_elsewhere', arrive);
    // After a reload the person has agreed already.
    const isNew = (status.state === 'open' || status.state === 'retry') && !status.hasConsented;
    return isNew ? () => askConsent(status) : follow(status);
  }

  async function askConsent(status: CheckStatus): Promise<Step> {
    const choice = await view.show(screens.consent(status, mayHandOff()));
    if (choice === 'phone') return handOver;
    return choice === 'primary' ? () => takeFrames(status) : () => goBack('cancelled');
  }

  async function takeFrames(status: CheckStatus): Promise<Step> {
    void view.show(screens.permission());
    const wanted = chosenCamera ?? rememberedCamera();
    const camera = await openCamera(view.video, wanted).catch((thrown) => {
      // In an app's own browser the fault is rarely one that the person could mend there.
      throw deps.quirks.isInApp ? new Trouble('in_app_browser', { cause: thrown }) : thrown;
    });
    // Only one that has shown a picture: it would be in the way of the others for ever.
    chosenCamera = camera.isWanted ? wanted : null;
    if (chosenCamera !== null) rememberCamera(chosenCamera);
    else forgetCamera();
    const interruption = watchForInterruption(camera, deps.document);
    try {
      view.setProgress(0);
      const ready = screens.ready(status, mayHandOff());
      const asked = await askToStart({ view, ready, status, camera, signal: interruption.signal });
      if (typeof asked === 'object') {
        chosenCamera = asked.camera;
        return () => takeFrames(status);
      }
      const taken = asked === 'primary' ? await takePictures(pictures, { camera, status, interruption }) : asked;
      if (taken === 'extra') return declineTurning;
      if (taken === 'phone') return handOver;
      if (typeof taken === 'string') return () => goBack('cancelled');
      const evidence = await camera.evidence().catch(() => null);
      return () => send({ ...taken, evidence });
    } finally {
      interruption.stop();
      // The light goes out as soon as the frames are taken.
      camera.stop();
    }
  }

  async function send(sent: SentWithEvidence): Promise<Step> {
    void view.show(screens.sending());
    const camera = sent.evidence && { ...sent.evidence, isAutomated: deps.quirks.isAutomated };
    const controller = new AbortController();
    void tellProgress(sent, controller.signal);
    try {
      await sent.settle();
      await withRetries(() => api.finish(sent.session, { frames: sent.count, camera }), deps.pause);
      return readOutcome;
    } finally {
      controller.abort();
      view.setUpload(null);
    }
  }

  /** A bar for the eye, once sending is more than a moment; words, which are read out, when it is slow and then by quarters. */
  async function tellProgress({ share }: Sent, signal: AbortSignal): Promise<void> {
    const startedAt = deps.now();
    let told = -1;
    for (;;) {
      await deps.wait(UPLOAD_IS_TOLD_EVERY_MS);
      if (signal.aborted) return;
      view.setUpload(share() < 1 ? share() : null);
      const quarters = Math.floor(share() * 4);
      if (deps.now() - startedAt < SENDING_IS_SLOW_MS || quarters === told) continue;
      told = quarters;
      void view.show(screens.sendingSlowly(quarters * 25));
    }
  }

  async function readOutcome(): Promise<Step | null> {
    void view.show(screens.sending());
    // The site around a frame is told nothing by that: the person may yet be asked to try again.
    const onOverdue = () => void view.show(screens.stillWorking());
    const status = await awaitOutcome({ status: api.status, onOverdue, now: deps.now, wait: deps.wait });
    return status.state === 'processing' ? null : follow(status);
  }

  function follow(status: CheckStatus): Step {
    switch (status.state) {
      case 'open':
      case 'retry':
        return () => takeFrames(status);
      case 'processing':
        return readOutcome;
      case 'done':
        return status.handoff === 'here' ? showDoneHere : () => showDone(status.redirectUrl);
      case 'failed':
        return () => showOver('check_failed', status.redirectUrl);
      case 'expired':
        return () => showOver('check_expired', status.redirectUrl);
    }
  }

  async function showDoneHere(): Promise<null> {
    void view.show(screens.doneHere());
    return null;
  }

  async function showDone(redirectUrl: string | null): Promise<null> {
    const chosen = view.show(screens.done(deps.site ? null : redirectUrl));
    if (deps.site) await endInFrame(deps.site);
    if (!redirectUrl || deps.site) return null;
    await Promise.race([chosen, deps.wait(DONE_IS_READ_MS)]);
    deps.leave(redirectUrl);
    // An app's own scheme may need the person's click, or one more: the control stays.
    for (let pressed = chosen; ; pressed = view.show(screens.done(redirectUrl))) {
      await pressed;
      deps.leave(redirectUrl);
    }
  }

  async function endInFrame(site: EmbeddingSite): Promise<void> {
    site.tell({ type: 'done' });
    await deps.wait(DONE_IS_READ_MS);
    site.tell({ type: 'closed', reason: 'finished' });
  }

  async function showOver(code: OverCode, redirectUrl: string | null): Promise<null> {
    deps.site?.tell({ type: 'error', code, may_retry: false });
    for (;;) {
      await view.show(screens.over(code, hasWayOut(redirectUrl)));
      leave(redirectUrl, 'over');
    }
  }

  /** Back to where the person came from: an address, or the site around the frame. */
  function hasWayOut(redirectUrl: string | null): boolean {
    return redirectUrl !== null || deps.site !== null;
  }

  /** In a frame the site decides what comes next: another page in the frame would be lost there. */
  function leave(redirectUrl: string | null, reason: ClosedReason): void {
    if (deps.site) deps.site.tell({ type: 'closed', reason });
    else if (redirectUrl) deps.leave(redirectUrl);
  }

  /** Going back ends no check: the integrator's page may send the person here again. */
  async function goBack(error: LeaveReason): Promise<Step | null> {
    return leaveUnfinished(await withRetries(() => api.abandon(error), deps.pause), error);
  }

  async function leaveUnfinished(redirectUrl: string | null, error: LeaveReason): Promise<Step | null> {
    leave(redirectUrl, error);
    if (!redirectUrl || deps.site) return showTrouble('cancelled', arrive);
    return () => showOver('cancelled', redirectUrl);
  }

  /** The client decides what it yields: the check goes on without turning, or the person is sent back. */
  async function declineTurning(): Promise<Step | null> {
    const { continues, redirectUrl } = await withRetries(api.declineTurning, deps.pause);
    return continues ? captureAgain : leaveUnfinished(redirectUrl, 'cancelled');
  }

  /** The person wants to go on with their phone: it is shown where to, and this page follows. */
  async function handOver(): Promise<Step | null> {
    const { url, validMs } = await withRetries(api.offerHandoff, deps.pause);
    const address = new URL(url);
    // In the words of this page.
    address.searchParams.set('lang', deps.locale);
    const { drawCode } = await withinLimit(import('./handoff-code.ts'), {
      milliseconds: CODE_LIMIT_MS,
      otherwise: 'unreachable',
    });
    const chosen = view.show(screens.handoff('waiting'));
    view.showAddress({ url: address.href, picture: drawCode(deps.document, address.href) });
    const expired = deps.wait(validMs).then(() => 'expired' as const);
    for (;;) {
      const choice = await Promise.race([chosen, expired, deps.wait(PHONE_IS_ASKED_EVERY_MS)]);
      if (choice === 'secondary') return takeBack;
      const { state, handoff } = await readStatus();
      // Opened in this same browser, or taken back in another tab.
      if (handoff === null) return arrive;
      if (handoff !== 'waiting' || state === 'expired') return followPhone;
    }
  }

  /** Nothing to do here but to watch, and to take the check back while the phone has sent no picture. */
  async function followPhone(): Promise<Step | null> {
    let shown = '';
    let chosen: Promise<Choice> = never();
    for (;;) {
      const status = await readStatus();
      if (status.state === 'done' || status.state === 'failed' || status.state === 'expired') return follow(status);
      const { handoff } = status;
      if (handoff === null || handoff === 'here') return arrive;
      if (handoff !== shown) chosen = view.show(screens.handoff(handoff));
      shown = handoff;
      const choice = await Promise.race([chosen, deps.wait(PHONE_IS_ASKED_EVERY_MS)]);
      if (choice === 'primary') return handOver;
      if (choice === 'secondary') return takeBack;
    }
  }

  async function takeBack(): Promise<Step> {
    try {
      await withRetries(api.takeBack, deps.pause);
    } catch (thrown) {
      // The phone was quicker: its pictures count.
      if (troubleCodeOf(thrown) === 'capture_elsewhere') return followPhone;
      throw thrown;
    }
    return arrive;
  }

  async function showTrouble(code: TroubleCode, failedStep: Step): Promise<Step | null> {
    const { again } = TROUBLES[code];
    if (again === 'ask') return () => askWhatIsLeft(code);
    const choice = await showFailed(code);
    if (typeof choice === 'object') {
      chosenCamera = choice.camera;
      return captureAgain;
    }
    if (choice === 'phone') return handOver;
    if (choice !== 'extra' && failedControlsOf(code)[choice] === 'back') {
      return () => goBack(code === 'camera_denied' ? 'camera_denied' : 'cancelled');
    }
    return { step: failedStep, capture: captureAgain, page: arrive, nothing: null }[again];
  }

  /** What the person chooses then: a control, or another camera than the one that failed. */
  async function showFailed(code: TroubleCode): Promise<Choice | { camera: string }> {
    // Who cancels was told so as the closing.
    if (code !== 'cancelled') {
      deps.site?.tell({ type: 'error', code, may_retry: failedControlsOf(code).primary === 'again' });
    }
    const cameras = isOfDevice(code) ? await listCameras() : [];
    const chosen = view.show(screens.failed(code, mayHandOff(code)));
    const other = view.offerCameras(cameras, null).then((camera) => ({ camera }));
    return Promise.race([chosen, other]);
  }

  /** The status tells what was wrong with the last attempt, if it was one. */
  async function captureAgain(): Promise<Step> {
    return follow(await readStatus());
  }

  /** The server refused because the check moved on: its state says whether there is anything left to try. */
  async function askWhatIsLeft(code: TroubleCode): Promise<Step> {
    const status = await readStatus();
    if (status.state !== 'open' && status.state !== 'retry') return follow(status);
    const choice = await showFailed(code);
    return choice === 'primary' ? () => takeFrames(status) : () => goBack('cancelled');
  }
}
