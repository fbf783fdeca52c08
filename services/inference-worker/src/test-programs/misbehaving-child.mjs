// A child that does what the first byte of the first frame says: the ways in which real ones go wrong.
const BEHAVIOUR = {
  1: () => process.exit(7),
  2: () => process.kill(process.pid, 'SIGSEGV'),
  3: () => undefined,
  4: () => process.send({ kind: 'failed', message: 'the engine threw' }),
  5: () => {
    const hoard = [];
    for (;;) hoard.push(new Array(1e6).fill({}));
  },
  9: () => score(4),
  // Shows who it is, where a picture's width goes.
  10: () => score(process.pid),
  // The first byte of every JPEG: the canary's picture.
  255: () => score(96),
};
const score = (width) =>
  process.send({
    kind: 'scored',
    frames: [{ score: 0.9, reasons: [], boundingBox: null, width, height: 3, faces: [] }],
  });
process.on('disconnect', () => process.exit(0));
process.on('message', ({ frames }) => BEHAVIOUR[frames[0][0]]());
process.send({ kind: 'ready', profile: 'baseline' });
