/** How checks ended in each minute, as stacked bars; the same numbers stand in a table behind a button. */
import type { Minute } from '@livegate/contracts/console/overview';
import { DataTable } from './data-table.tsx';

const PARTS = [
  { key: 'passed', name: 'passed' },
  { key: 'refused', name: 'not passed' },
  { key: 'failed', name: 'failed' },
  { key: 'expired', name: 'expired' },
] as const;

const HEIGHT = 120;
const STEP = 20;
const clock = (minute: string) => new Date(minute).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

export function ThroughputChart({ minutes }: { minutes: readonly Minute[] }) {
  const most = Math.max(4, ...minutes.map(endedIn));
  const width = minutes.length * STEP;
  return (
    <figure className="chart">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT + 18}`}
        role="img"
        aria-label="Checks that ended in each of the last 30 minutes"
      >
        {[0, 0.5, 1].map((part) => (
          <line key={part} className="chart-line" x1="0" x2={width} y1={HEIGHT * (1 - part)} y2={HEIGHT * (1 - part)} />
        ))}
        {minutes.map((minute, index) => (
          <Bar key={minute.minute} minute={minute} x={index * STEP} most={most} />
        ))}
        {minutes.map(({ minute }, index) =>
          index % 5 === 4 ? (
            <text key={minute} className="chart-text" x={index * STEP + STEP / 2} y={HEIGHT + 14} textAnchor="middle">
              {clock(minute)}
            </text>
          ) : null,
        )}
        <text className="chart-text" x="2" y="11">
          {most}
        </text>
      </svg>
      <figcaption className="legend">
        {PARTS.map(({ key, name }) => (
          <span key={key} className={`legend-item fill-${key}`}>
            {name}
          </span>
        ))}
      </figcaption>
      <details>
        <summary>As a table</summary>
        <DataTable
          label="Checks by minute"
          rows={minutes.toReversed().filter((minute) => minute.created + endedIn(minute) > 0)}
          keyOf={({ minute }) => minute}
          columns={[
            { name: 'Minute', cell: ({ minute }) => clock(minute) },
            { name: 'Created', numeric: true, cell: ({ created }) => created },
            ...PARTS.map(({ key, name }) => ({ name, numeric: true, cell: (row: Minute) => row[key] })),
          ]}
        />
      </details>
    </figure>
  );
}

export function endedIn({ passed, refused, failed, expired }: Minute): number {
  return passed + refused + failed + expired;
}

function Bar({ minute, x, most }: { minute: Minute; x: number; most: number }) {
  let top = HEIGHT;
  return PARTS.map(({ key }) => {
    const height = (minute[key] / most) * HEIGHT;
    top -= height;
    return height > 0 ? (
      <rect key={key} className={`fill-${key}`} x={x + 2} y={top} width={STEP - 4} height={height} rx="1.5" />
    ) : null;
  });
}
