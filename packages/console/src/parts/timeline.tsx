/** Everything that happened to a check, in its order, with how long each took since the one before. */
import type { CheckAnswer } from '@livegate/contracts/console/checks';
import { duration, Time } from './words.tsx';

type Moment = { at: string; kind: 'state' | 'challenge' | 'batch' | 'delivery'; what: string; more: string };

export function Timeline({ answer }: { answer: CheckAnswer }) {
  const moments = momentsOf(answer).toSorted((a, b) => a.at.localeCompare(b.at));
  return (
    <ol className="timeline">
      {moments.map(({ at, kind, what, more }, index) => {
        const before = moments[index - 1];
        return (
          <li key={`${at}${kind}${what}`} className={`moment moment-${kind}`}>
            <span className="moment-at">
              <Time at={at} exact />
            </span>
            <span className="moment-gap number quiet">
              {before ? `+${duration((Date.parse(at) - Date.parse(before.at)) / 1_000)}` : ''}
            </span>
            <span className="moment-what">
              {what} <span className="quiet">{more}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function momentsOf({ transitions, steps, batches, deliveries, check }: CheckAnswer): Moment[] {
  return [
    ...transitions.map(
      ({ at, event, to }): Moment => ({
        // What is stored with a check bears the time at which its transaction began, so its making does, too.
        at: event === 'create' ? check.createdAt : at,
        kind: 'state',
        what: event,
        more: `now ${to.replace('_', ' ')}`,
      }),
    ),
    ...moment(check.submittedAt, 'state', 'submission accepted', `attempt ${check.attempt}`),
    ...steps.flatMap(({ revealedAt, prompt, step, attempt, ended }) =>
      moment(
        revealedAt,
        'challenge',
        `asked to turn ${prompt}`,
        `attempt ${attempt}, step ${step}${ended ? `, ${ended}` : ''}`,
      ),
    ),
    ...batches.flatMap((batch) => {
      const frames = `${batch.frames} ${batch.frames === 1 ? 'frame' : 'frames'}`;
      return [
        ...moment(batch.createdAt, 'batch', 'batch stored', `${frames}, attempt ${batch.attempt}`),
        ...moment(
          batch.enqueuedAt,
          'batch',
          'batch enqueued',
          batch.generation > 1 ? `generation ${batch.generation}` : '',
        ),
        ...moment(
          batch.scoredAt,
          'batch',
          'batch scored',
          `${batch.modelProfile ?? ''}${batch.crashes > 0 ? `, after ${batch.crashes} crashes` : ''}`,
        ),
        ...moment(batch.givenUpAt, 'batch', 'batch given up', batch.lastFailure ?? ''),
      ];
    }),
    ...deliveries.flatMap(({ origin, createdAt, deliveredAt, deadAt, deadReason }) => [
      // Stored by the transaction that ended the check, whose beginning it bears.
      ...moment(laterOf(createdAt, transitions.at(-1)?.at ?? null), 'delivery', 'delivery due', origin),
      ...moment(deliveredAt, 'delivery', 'delivered', origin),
      ...moment(deadAt, 'delivery', 'delivery given up', `${origin}, ${deadReason}`),
    ]),
  ];
}

function laterOf(one: string, other: string | null): string {
  return other !== null && other > one ? other : one;
}

// biome-ignore lint/complexity/useMaxParams: one row of a table, as it is read
function moment(at: string | null, kind: Moment['kind'], what: string, more: string): Moment[] {
  return at === null ? [] : [{ at, kind, what, more }];
}
