// An inference child that scores what a frame's fourth byte says, so that a model knows the verdict; 4 kills it.
const face = { left: 0.2, top: 0.2, width: 0.5, height: 0.5 };
const SCORED = {
  boundingBox: face,
  width: 4,
  height: 3,
  faces: [{ boundingBox: face, confidence: 0.9 }],
  shadowScores: {},
};
const FINDINGS = {
  1: { ...SCORED, score: 0.9, reasons: [] },
  2: { ...SCORED, score: 0.1, reasons: [] },
  3: { score: null, reasons: ['NO_FACE'], boundingBox: null, width: 4, height: 3, faces: [], shadowScores: {} },
};
process.on('disconnect', () => process.exit(0));
process.on('message', ({ task, frames }) => {
  const findings = frames.map((frame) => FINDINGS[frame[3]] ?? process.exit(7));
  process.send({ kind: 'scored', task, frames: findings });
});
process.send({ kind: 'ready', profile: 'baseline' });
