/** Score, verdict, reasons, times, and the faces drawn over the picture. */
import type { TryAnswer } from '@livegate/contracts/console/try-it';
import { Link } from 'react-router';
import { Facts } from './screen.tsx';
import { Badge } from './words.tsx';

type Props = { answer: TryAnswer; url: string; roundTrip: number };
const ms = (value: number) => `${Math.round(value)} ms`;

export function TryResult({ answer, url, roundTrip }: Props) {
  const { passed, score, threshold, reasons, faces, width, height, milliseconds } = answer;
  return (
    <div className="tried">
      <div className="tried-score">
        <span className="tile-value number">{score.toFixed(4)}</span>
        <Badge tone={passed ? 'good' : 'bad'}>{passed ? 'passed' : 'not passed'}</Badge>
        <span className="quiet">threshold {threshold}</span>
      </div>
      <Meter score={score} threshold={threshold} />
      <ul className="reasons">
        {reasons.map(({ code, meaning }) => (
          <li key={code}>
            <code>{code}</code> {meaning}
          </li>
        ))}
      </ul>
      <div className="tried-picture">
        <img src={url} alt={`The picture, with ${faces.length === 1 ? 'one face' : `${faces.length} faces`} marked`} />
        <Boxes faces={faces} width={width} height={height} />
      </div>
      <Facts
        rows={[
          ['picture', `${width} × ${height}`],
          ['faces', faces.length === 0 ? 'none' : faces.map(({ confidence }) => confidence.toFixed(3)).join(', ')],
          ['scoring, with its queue', ms(milliseconds.scoring)],
          ['upload', ms(milliseconds.upload)],
          ['in the server', ms(milliseconds.total)],
          ['round trip', ms(roundTrip)],
          [
            'check',
            <Link key="c" to={`/checks/${answer.reference}`}>
              <code>{answer.reference}</code>
            </Link>,
          ],
        ]}
      />
    </div>
  );
}

/** Boxes are fractions of the picture, so they are drawn in its own coordinates. */
function Boxes({ faces, width, height }: Pick<TryAnswer, 'faces' | 'width' | 'height'>) {
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {faces.map(({ box }) => (
        <rect
          key={`${box.left}${box.top}`}
          className="face-box"
          x={box.left * width}
          y={box.top * height}
          width={box.width * width}
          height={box.height * height}
          rx={width / 160}
          strokeWidth={width / 200}
        />
      ))}
    </svg>
  );
}

function Meter({ score, threshold }: { score: number; threshold: number }) {
  return (
    <svg
      className="meter"
      viewBox="0 0 200 12"
      role="img"
      aria-label={`Score ${score.toFixed(4)}, threshold ${threshold}`}
    >
      <rect className="meter-back" width="200" height="8" y="2" rx="4" />
      <rect
        className={score >= threshold ? 'fill-passed' : 'fill-refused'}
        width={Math.max(2, score * 200)}
        height="8"
        y="2"
        rx="4"
      />
      <line className="meter-mark" x1={threshold * 200} x2={threshold * 200} y1="0" y2="12" />
    </svg>
  );
}
