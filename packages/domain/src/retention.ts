/** How long things are kept, as the vendor documents promise it. */

/** Minutes after completion during which probe and audit images can be read (GlobalData: "around 30 minutes"). */
export const IMAGE_RETENTION_MINUTES = 30;

/** Seconds by which a data key must outlive the deadline of what it is needed for: scoring and deciding take their time. */
export const DATA_KEY_SLACK_SECONDS = 10;
