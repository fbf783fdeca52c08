/** How states, times and numbers are written, everywhere the same. */
import { useState } from 'react';

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'calm';

/** The colour is never alone: the word says the same. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

type Outcome = { state: string; passed: boolean | null };

export function CheckState({ state, passed }: Outcome) {
  if (state === 'complete') return <Badge tone={passed ? 'good' : 'bad'}>{passed ? 'passed' : 'not passed'}</Badge>;
  if (state === 'failed') return <Badge tone="warn">failed</Badge>;
  if (state === 'expired') return <Badge tone="calm">expired</Badge>;
  return <Badge tone="busy">{state.replace('_', ' ')}</Badge>;
}

const DELIVERY_TONES: Record<string, Tone> = { due: 'busy', delivered: 'good', dead: 'bad' };
export function DeliveryState({ state }: { state: string }) {
  return <Badge tone={DELIVERY_TONES[state] ?? 'calm'}>{state}</Badge>;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const THIS_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...CLOCK });
const ANY_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', ...CLOCK });
const EXACT = new Intl.DateTimeFormat('en-GB', { ...CLOCK, fractionalSecondDigits: 3 });

export function Time({ at, exact = false }: { at: string | null; exact?: boolean }) {
  if (at === null) return <span className="quiet">–</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={at} className="number">
      {formatOf(date, exact).format(date)}
    </time>
  );
}

function formatOf(date: Date, exact: boolean): Intl.DateTimeFormat {
  if (exact) return EXACT;
  return date.getFullYear() === new Date().getFullYear() ? THIS_YEAR : ANY_YEAR;
}

// From how many seconds on, how many seconds each, and its name.
const UNITS = [
  [172_800, 86_400, 'd'],
  [7_200, 3_600, 'h'],
  [120, 60, 'min'],
  [1, 1, 's'],
  [0, 0.001, 'ms'],
] as const;

/** `340 ms`, `4.2 s`, `3 min`, `5 h`, `2 d`. */
export function duration(seconds: number): string {
  const [, size, unit] = UNITS.find(([from]) => seconds >= from) ?? UNITS[4];
  const value = Math.max(0, seconds / size);
  return `${unit === 's' && value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

const NUMBER = new Intl.NumberFormat('en-GB');
export function number(value: number): string {
  return NUMBER.format(value);
}

/** A long id, cut where it need not be read, with a button that copies the whole. */
export function Id({ text, short = false }: { text: string; short?: boolean }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <span className="id">
      <code title={text}>{short ? `${text.slice(0, 12)}…` : text}</code>
      <button type="button" className="copy" onClick={copy} aria-label={`Copy ${text}`}>
        {copied ? 'copied' : 'copy'}
      </button>
    </span>
  );
}
