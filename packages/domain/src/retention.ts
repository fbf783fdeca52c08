/** How long things are kept, as the vendor documents promise it. */

/** Minutes after completion during which probe and audit images can be read (GlobalData: "around 30 minutes"). */
export const IMAGE_RETENTION_MINUTES = 30;

/** Days after an event during which it can be told again, its secret is kept, and what receivers answered can be read. */
export const REPLAY_WINDOW_DAYS = 30;
