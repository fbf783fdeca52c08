/** One check, looked at without knowing anything about it. Others are kept away for as long as the claim lasts. */
import type { ClaimReviewResponse, LabelReviewResponse, ReviewImagesResponse } from '@livegate/contracts/reviews';
import { REVIEW_LABEL_NAMES, REVIEW_LABELS, type ReviewLabel } from '@livegate/domain/review';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { ask } from '../api.ts';
import { Panel, Screen } from '../parts/screen.tsx';
import { Empty, Failure } from '../parts/states.tsx';
import { Time } from '../parts/words.tsx';

export function ReviewScreen() {
  const { reviewId = '' } = useParams();
  const path = `/reviews/${encodeURIComponent(reviewId)}`;
  const take = useMutation({
    mutationFn: async () => {
      const { lease_until } = await ask<ClaimReviewResponse>(`${path}/claim`, { method: 'POST' });
      return { until: lease_until, ...(await ask<ReviewImagesResponse>(`${path}/images`)) };
    },
  });
  return (
    <Screen title="Review" aside={<Link to="/reviews">All that wait</Link>}>
      {take.isError ? (
        <Failure error={take.error} onRetry={() => take.mutate()} />
      ) : take.data ? (
        <InHand path={path} until={take.data.until} images={take.data.images} />
      ) : (
        <Empty title="Images of a person.">
          <p>That you look is written into the audit log. Nobody else is given this check for five minutes.</p>
          <button type="button" className="button primary" disabled={take.isPending} onClick={() => take.mutate()}>
            Take it in hand
          </button>
        </Empty>
      )}
    </Screen>
  );
}

type Held = { path: string; until: string; images: readonly string[] };

function InHand({ path, until, images }: Held) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const say = useMutation({
    mutationFn: (label: ReviewLabel) => ask<LabelReviewResponse>(`${path}/label`, { method: 'POST', body: { label } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['reviews'] });
      navigate('/reviews');
    },
  });
  return (
    <>
      {images.length === 0 ? (
        <Empty title="Its images are gone." />
      ) : (
        <div className="images">
          {images.map((image, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the images of one look never change their order
            <figure key={index}>
              <img src={image} alt={`${index + 1} of ${images.length}`} />
            </figure>
          ))}
        </div>
      )}
      <Panel title="What is it?">
        <p className="quiet">
          In your hands until <Time at={until} />. An answer is given once.
        </p>
        <ul className="labels">
          {REVIEW_LABEL_NAMES.map((label) => (
            <li key={label}>
              <button type="button" className="button" disabled={say.isPending} onClick={() => say.mutate(label)}>
                {label.replaceAll('_', ' ')}
              </button>
              <span className="quiet">{REVIEW_LABELS[label].meaning}</span>
            </li>
          ))}
        </ul>
        {say.isError && (
          <p className="form-error" role="alert">
            {say.error.message}
          </p>
        )}
      </Panel>
    </>
  );
}
