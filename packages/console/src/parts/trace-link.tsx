/** The trace of a piece of work, as a link where the deployment says whereto. */
import { useSession } from '../session.ts';
import { Id } from './words.tsx';

export function TraceLink({ traceId }: { traceId: string | null }) {
  const { traceUrl } = useSession();
  if (!traceId) return <span className="quiet">not sampled</span>;
  if (!traceUrl) return <Id text={traceId} short />;
  return (
    <a href={traceUrl.replace('{trace_id}', traceId)} target="_blank" rel="noreferrer">
      <code>{traceId.slice(0, 12)}…</code>
      <span className="unseen"> (opens in a new tab)</span>
    </a>
  );
}
