// A child that does what the first byte of the first frame says: the ways in which real ones go wrong.
const BEHAVIOUR = {
  1: () => process.exit(7),
  2: () => process.kill(process.pid, 'SIGSEGV'),
  3: () => undefined,
  4: (task) => process.send({ kind: 'failed', task, message: 'the engine threw' }),
  5: () => {
    const hoard = [];
    for (;;) hoard.push(new Array(1e6).fill({}));
  },
  // Answers only when another task is held as well.
  8: (task) => {
    if (held.push(task) === 2) for (const each of held.splice(0)) answer(each);
  },
  9: (task) => answer(task),
};
const held = [];
function answer(task) {
  const facts = { boundingBox: null, width: 4, height: 3, faces: [], shadowScores: { candidate: 0.4 } };
  process.send({ kind: 'scored', task, frames: [{ score: 0.9, reasons: [], ...facts }] });
}
process.on('disconnect', () => process.exit(0));
process.on('message', ({ task, frames }) => BEHAVIOUR[frames[0][0]](task));
process.send({ kind: 'ready', profile: 'baseline' });
