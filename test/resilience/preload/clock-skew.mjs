// Loaded by `node --import` where libfaketime is not installed: this process's wall clock is wrong by the
// `seconds` of the address it is loaded from (`clock-skew.mjs?seconds=120`).
// The monotonic clock and timers go right, as they do on a machine whose clock was set wrong.
const skewMs = Number(new URL(import.meta.url).searchParams.get('seconds')) * 1_000;
const RealDate = Date;
const now = () => RealDate.now() + skewMs;

globalThis.Date = class SkewedDate extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now());
    else super(...parts);
  }
  static now() {
    return now();
  }
};
