/** For developers: one picture, from a file or the camera, and what Livegate makes of it. */
import { Tab, TabList, TabPanel, TabProvider } from '@ariakit/react';
import type { TryAnswer } from '@livegate/contracts/console/try-it';
import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useEffect, useState } from 'react';
import { ask } from '../api.ts';
import { CameraShot } from '../parts/camera-shot.tsx';
import { Panel, Screen } from '../parts/screen.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { TryResult } from '../parts/try-result.tsx';

type Tried = { answer: TryAnswer; url: string; roundTrip: number };

export function TryScreen() {
  const tried = useMutation({
    mutationFn: async (picture: Blob): Promise<Tried> => {
      const began = performance.now();
      const answer = await ask<TryAnswer>('/try', { method: 'POST', image: picture });
      return { answer, url: URL.createObjectURL(picture), roundTrip: performance.now() - began };
    },
  });
  const url = tried.data?.url;
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);
  return (
    <Screen title="Try it">
      <p className="lead">
        The picture is scored as a one-shot check of the client “console”. It is deleted with the verdict; the check’s
        row stays as any other does.
      </p>
      <div className="columns">
        <Panel title="Picture">
          <TabProvider>
            <TabList className="tabs" aria-label="Where the picture comes from">
              <Tab className="tab">File</Tab>
              <Tab className="tab">Camera</Tab>
            </TabList>
            <TabPanel>
              <FilePick onPicture={tried.mutate} />
            </TabPanel>
            <TabPanel unmountOnHide>
              <CameraShot onPicture={tried.mutate} />
            </TabPanel>
          </TabProvider>
        </Panel>
        <Panel title="What Livegate makes of it">
          <div aria-live="polite">
            {tried.isPending && <Loading />}
            {tried.isError && <Failure error={tried.error} />}
            {tried.isIdle && <Empty title="No picture yet." />}
            {tried.data && !tried.isPending && <TryResult {...tried.data} />}
          </div>
        </Panel>
      </div>
    </Screen>
  );
}

function FilePick({ onPicture }: { onPicture: (picture: Blob) => void }) {
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null) => {
    if (files?.[0]) onPicture(files[0]);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <label
      className={`drop${isOver ? ' drop-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span>Choose a picture, or drop one here</span>
      <span className="quiet">JPEG, PNG or WebP, up to 10 MB</span>
      <input
        type="file"
        accept="image/jpeg,image/png,image/webp"
        onChange={(event) => {
          take(event.target.files);
          event.target.value = '';
        }}
      />
    </label>
  );
}
