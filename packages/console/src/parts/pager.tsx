/** Pages by cursor: on, and back to the first. */
import { useSearchParams } from 'react-router';

export function Pager({ nextCursor }: { nextCursor: string | null }) {
  const [search, setSearch] = useSearchParams();
  const isFirst = !search.get('cursor');
  const go = (cursor: string | null) => {
    const next = new URLSearchParams(search);
    if (cursor) next.set('cursor', cursor);
    else next.delete('cursor');
    setSearch(next);
  };
  if (isFirst && !nextCursor) return null;
  return (
    <div className="pager">
      <button type="button" className="button" disabled={isFirst} onClick={() => go(null)}>
        Newest
      </button>
      <button type="button" className="button" disabled={!nextCursor} onClick={() => go(nextCursor)}>
        Older
      </button>
    </div>
  );
}
