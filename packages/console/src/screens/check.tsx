/** One check with all that happened to it. */
import type { CheckAnswer } from '@livegate/contracts/console/checks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { ask } from '../api.ts';
import { DataTable } from '../parts/data-table.tsx';
import { DeliveriesTable } from '../parts/deliveries-table.tsx';
import { KeptImages } from '../parts/kept-images.tsx';
import { Facts, Panel, Screen } from '../parts/screen.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { TraceLink } from '../parts/trace-link.tsx';
import { Badge, CheckState, duration, Id, number, Time } from '../parts/words.tsx';
import { useRight } from '../session.ts';

const OPEN = ['pending', 'in_progress'];

export function CheckScreen() {
  const { reference = '' } = useParams();
  const query = useQuery({
    queryKey: ['check', reference],
    queryFn: () => ask<CheckAnswer>(`/checks/${encodeURIComponent(reference)}`),
    refetchInterval: ({ state }) => (state.data && OPEN.includes(state.data.check.state) ? 2_000 : false),
  });
  return (
    <Screen title="Check" aside={<Id text={reference} />}>
      <Await query={query}>{(answer) => <Check answer={answer} />}</Await>
    </Screen>
  );
}

function Check({ answer }: { answer: CheckAnswer }) {
  const { check, deliveries, frames, batches } = answer;
  const seesImages = useRight('images');
  return (
    <>
      <div className="columns">
        <Panel title="Outcome" aside={<CheckState {...check} />}>
          <Outcome check={check} />
        </Panel>
        <Panel title="Facts">
          <CheckFacts check={check} />
        </Panel>
      </div>
      <Panel title="Timeline">
        <Timeline answer={answer} />
      </Panel>
      <Panel
        title="Frames"
        aside={
          <span className="quiet">
            {number(frames.length)} in {number(batches.length)} batches
          </span>
        }
      >
        {frames.length === 0 ? <Empty title="No frame has come, or they are gone." /> : <Frames frames={frames} />}
      </Panel>
      {deliveries.length > 0 && (
        <Panel title="Deliveries">
          <DeliveriesTable deliveries={deliveries} />
        </Panel>
      )}
      {seesImages && (
        <Panel title="Kept images">
          <KeptImages reference={check.reference} readable={check.imagesReadable} until={check.imagesExpireAt} />
        </Panel>
      )}
    </>
  );
}

type Check = CheckAnswer['check'];

function Outcome({ check }: { check: Check }) {
  return (
    <Facts
      rows={[
        [
          'confidence',
          <span key="c" className="number">
            {check.confidence ?? '–'} <span className="quiet">threshold {check.threshold}</span>
          </span>,
        ],
        [
          'score',
          <span key="s" className="number">
            {check.score === null ? '–' : check.score.toFixed(4)}
          </span>,
        ],
        ['reasons', check.reasons.join(', ') || '–'],
        ...(check.failureReason ? [['failed because', check.failureReason] as const] : []),
        ['risk signals', check.riskSignals.length > 0 ? <Signals key="r" signals={check.riskSignals} /> : 'none'],
        ...(check.needsReview
          ? [
              [
                'review',
                <Badge key="n" tone="warn">
                  wanted
                </Badge>,
              ] as const,
            ]
          : []),
        [
          'attempt',
          `${check.attempt} of ${check.attemptsAllowed}${check.attemptReason ? ` (last: ${check.attemptReason})` : ''}`,
        ],
        ['challenge', check.challengeDeclinedAt ? 'declined' : check.challenge],
        [
          'took',
          check.finishedAt
            ? duration((Date.parse(check.finishedAt) - Date.parse(check.createdAt)) / 1_000)
            : 'still open',
        ],
      ]}
    />
  );
}

function Signals({ signals }: { signals: readonly string[] }) {
  return (
    <span className="badges">
      {signals.map((signal) => (
        <Badge key={signal} tone="warn">
          {signal}
        </Badge>
      ))}
    </span>
  );
}

function CheckFacts({ check }: { check: Check }) {
  return (
    <Facts
      rows={[
        [
          'client',
          <Link key="c" to={`/clients/${check.clientId}`}>
            {check.clientName}
          </Link>,
        ],
        ['contract', `${check.contract}, ${check.kind}${check.sandbox ? ', sandbox' : ''}`],
        ['id', <Id key="i" text={check.id} short />],
        ['token', <Id key="t" text={check.token} short />],
        ['trace', <TraceLink key="tr" traceId={check.traceId} />],
        [
          'models',
          check.models.length > 0 ? (
            <span key="m" title={check.models.map(({ id, sha256 }) => `${id} ${sha256}`).join('\n')}>
              {check.models.map(({ id }) => id).join(', ')}
            </span>
          ) : (
            '–'
          ),
        ],
        ['profile', check.modelProfile ?? '–'],
        ['receipt', check.hasReceipt ? 'signed' : 'none'],
        [
          'legal hold',
          check.legalHold ? (
            <Badge key="h" tone="warn">
              held
            </Badge>
          ) : (
            'none'
          ),
        ],
        ['link expires', <Time key="l" at={check.linkExpiresAt} />],
      ]}
    />
  );
}

function Frames({ frames }: Pick<CheckAnswer, 'frames'>) {
  return (
    <DataTable
      label="Frames"
      rows={frames}
      keyOf={({ attempt, seq }) => `${attempt}.${seq}`}
      columns={[
        { name: 'Attempt', numeric: true, cell: ({ attempt }) => attempt },
        { name: 'Frame', numeric: true, cell: ({ seq }) => seq },
        { name: 'Step', numeric: true, cell: ({ step }) => step ?? '–' },
        { name: 'Received', cell: ({ receivedAt }) => <Time at={receivedAt} exact /> },
        {
          name: 'Scored after',
          numeric: true,
          cell: ({ receivedAt, scoredAt }) =>
            scoredAt ? duration((Date.parse(scoredAt) - Date.parse(receivedAt)) / 1_000) : '–',
        },
        { name: 'Size', numeric: true, cell: ({ bytes }) => `${number(Math.round(bytes / 1_024))} KB` },
        { name: 'Score', numeric: true, cell: ({ score }) => (score === null ? '–' : score.toFixed(4)) },
        { name: 'Reasons', cell: ({ reasons }) => reasons.join(', ') || <span className="quiet">–</span> },
        { name: 'Kept as', cell: ({ role }) => (role === 'capture' ? <span className="quiet">–</span> : role) },
      ]}
    />
  );
}
