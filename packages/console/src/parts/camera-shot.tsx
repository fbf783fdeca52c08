/** The camera's picture, and a button that takes it. The camera is closed when this goes. */
import { useEffect, useRef, useState } from 'react';
import { Failure } from './states.tsx';

const WIDTH = 1_280;

export function CameraShot({ onPicture }: { onPicture: (picture: Blob) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [error, setError] = useState<Error | null>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const opening =
      navigator.mediaDevices?.getUserMedia({ video: { width: WIDTH, facingMode: 'user' } }) ??
      Promise.reject(new Error('This browser gives no camera here.'));
    opening.then(
      (stream) => {
        if (video.current) video.current.srcObject = stream;
      },
      () => setError(new Error('The camera could not be opened.')),
    );
    return () =>
      void opening.then(
        (stream) => {
          for (const track of stream.getTracks()) track.stop();
        },
        () => undefined,
      );
  }, []);
  const take = () => {
    const from = video.current;
    if (!from) return;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [from.videoWidth, from.videoHeight];
    canvas.getContext('2d')?.drawImage(from, 0, 0);
    canvas.toBlob((picture) => picture && onPicture(picture), 'image/jpeg', 0.92);
  };
  if (error) return <Failure error={error} />;
  return (
    <div className="camera">
      <video ref={video} autoPlay playsInline muted onPlaying={() => setOpen(true)} aria-label="Your camera" />
      <button type="button" className="button primary" disabled={!isOpen} onClick={take}>
        Take the picture
      </button>
    </div>
  );
}
