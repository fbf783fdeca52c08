/** What is kept of a check, asked for only when somebody wants to see it: each look is written down. */
import type { CheckImagesAnswer } from '@livegate/contracts/console/checks';
import { useMutation } from '@tanstack/react-query';
import { ask } from '../api.ts';
import { Empty, Failure } from './states.tsx';
import { Time } from './words.tsx';

type Props = { reference: string; readable: boolean; until: string | null };

export function KeptImages({ reference, readable, until }: Props) {
  const look = useMutation({ mutationFn: () => ask<CheckImagesAnswer>(`/checks/${reference}/images`) });
  if (!readable) return <Empty title="No image is kept, or its time is over." />;
  if (look.isError) return <Failure error={look.error} onRetry={() => look.mutate()} />;
  if (!look.data)
    return (
      <Empty title="Images of a person.">
        <p>
          That you look is written into the audit log. They are readable until <Time at={until} />.
        </p>
        <button type="button" className="button" disabled={look.isPending} onClick={() => look.mutate()}>
          Show images
        </button>
      </Empty>
    );
  if (look.data.images.length === 0) return <Empty title="Nothing was kept." />;
  return (
    <div className="images">
      {look.data.images.map(({ role, image }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the images of one look never change their order
        <figure key={index}>
          <img src={image} alt={`Kept as ${role}`} />
          <figcaption className="quiet">{role}</figcaption>
        </figure>
      ))}
    </div>
  );
}
