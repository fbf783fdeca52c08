/** Uncertain verdicts that wait for somebody to look at them. Blind: nothing here says what was decided, or for whom. */
import type { ReviewListResponse } from '@livegate/contracts/reviews';
import { REVIEWERS_PER_CHECK } from '@livegate/domain/review';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ask } from '../api.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Screen } from '../parts/screen.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { Badge, Time } from '../parts/words.tsx';

export function ReviewsScreen() {
  const query = useQuery({
    queryKey: ['reviews'],
    queryFn: () => ask<ReviewListResponse>('/reviews'),
    refetchInterval: 10_000,
  });
  return (
    <Screen title="Reviews">
      <p className="quiet">
        You see pictures, and neither score nor verdict: what you say is held against the models and changes no result.
        Up to {REVIEWERS_PER_CHECK} people look at each, without the other’s answer.
      </p>
      <Await query={query}>
        {({ reviews }) =>
          reviews.length === 0 ? <Empty title="Nothing waits for you." /> : <Waiting reviews={reviews} />
        }
      </Await>
    </Screen>
  );
}

function Waiting({ reviews }: ReviewListResponse) {
  return (
    <DataTable
      label="Reviews"
      rows={reviews}
      keyOf={({ id }) => id}
      columns={[
        { name: 'Review', cell: ({ id }) => <Link to={`/reviews/${id}`}>{id}</Link> },
        { name: 'Since', cell: ({ created_at }) => <Time at={created_at} /> },
        { name: 'Images until', cell: ({ images_until }) => <Time at={images_until} /> },
        { name: 'Images', numeric: true, cell: ({ images }) => images },
        { name: 'Answers so far', numeric: true, cell: ({ labels }) => labels },
        { name: 'Yours', cell: ({ lease_until }) => (lease_until ? <Badge tone="busy">in your hands</Badge> : null) },
      ]}
    />
  );
}
