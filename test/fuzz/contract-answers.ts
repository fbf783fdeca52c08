/** What may be answered to anything at all: what the description says, and no trouble of ours. */
import { descriptionFaults } from '@livegate/test-kit/description-faults';
import type { WireAnswer, WireRequest } from '../conformance/wire.ts';

export type Facade = 'globaldata' | 'verifik' | 'kairos' | 'smartcomply';

/** The statuses by which each contract says that a body was wrong. */
export const BODY_FAULTS: Record<Facade, number[]> = {
  globaldata: [400, 413],
  verifik: [409, 412, 413],
  kairos: [400, 413],
  smartcomply: [400, 413],
};

/** One sentence per fault of an answer; none when it is one of the contract's own. */
export function faultsOf({ method = 'POST', path }: WireRequest, { status, headers, text }: WireAnswer): string[] {
  const described = descriptionFaults({
    method,
    target: path,
    status,
    header: (name) => headers[name.toLowerCase()] ?? null,
    body: Buffer.from(text),
  });
  return status >= 500 ? [`${method} ${path} answered ${status}: ${text.slice(0, 200)}`, ...described] : described;
}
