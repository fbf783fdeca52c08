/** What is known of browsers from the field, in one place; everything else is asked of the browser itself. */
export type BrowserQuirks = {
  /** An app's own browser, in which the camera often fails without a word: better to say so at once when it does. */
  isInApp: boolean;
  /** A program controls the browser, and it says so. */
  isAutomated: boolean;
};

/** Facebook, Instagram, TikTok, LinkedIn, Line, WeChat, Snapchat, X, and Android's bare web view. */
const IN_APP =
  /\b(FBAN|FBAV|FB_IAB|Instagram|BytedanceWebview|musical_ly|TikTok|LinkedInApp|Line\/|MicroMessenger|Snapchat|Twitter for)|; wv\)/;

/** Reads them from the name the browser gives itself: there is no feature to ask for. */
export function readBrowserQuirks(navigator: { userAgent: string; webdriver?: boolean }): BrowserQuirks {
  const { userAgent, webdriver = false } = navigator;
  return { isInApp: IN_APP.test(userAgent), isAutomated: webdriver || /HeadlessChrome/.test(userAgent) };
}
