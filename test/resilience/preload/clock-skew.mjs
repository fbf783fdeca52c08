// Loaded by `node --import` where libfaketime is not installed: this process's wall clock is wrong by LIVEGATE_TEST_SKEW_SECONDS.
// The monotonic clock and timers go right, as they do on a machine whose clock was set wrong.
const skewMs = Number(process.env.LIVEGATE_TEST_SKEW_SECONDS ?? 0) * 1_000;
const RealDate = Date;
const now = () => RealDate.now() + skewMs;

globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now());
    else super(...parts);
  }
  static now() {
    return now();
  }
};
