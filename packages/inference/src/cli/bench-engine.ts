/**
 * Frames per second and core of the engine, beside a bare loop of the same arithmetic: `bench-engine [DIR] [--rounds N]
 * [--soak N] [--peer human] [--json]`. With --json exactly one object on stdout. Environment: LIVEGATE_MODEL_PROFILE, LIVEGATE_MODELS_DIR.
 */
import { parseArgs } from 'node:util';
import { type BenchImage, loadBenchImages } from '../bench/bench-images.ts';
import { type BenchResult, benchEngine, selectScored } from '../bench/engine-bench.ts';
import { openHumanPeer } from '../bench/human-peer.ts';
import { soakEngine } from '../bench/soak-engine.ts';
import { openEngine } from '../engine.ts';
import { type Profile, resolveProfile } from '../profiles.ts';
import { readModelSettings } from './profile-from-env.ts';

/** Enough for figures that move by some percent between runs on a machine that others use as well. */
const ROUNDS = 61;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean' },
      rounds: { type: 'string' },
      soak: { type: 'string' },
      peer: { type: 'string' },
    },
    allowPositionals: true,
  });
  const rounds = readCount('rounds', values.rounds ?? `${ROUNDS}`);
  const soakFrames = values.soak === undefined ? 0 : readCount('soak', values.soak);
  if (values.peer !== undefined && values.peer !== 'human') throw new Error('--peer must be human');
  const settings = await readModelSettings(process.env);
  const profile = await resolveProfile(settings);
  const images = await loadBenchImages({
    ...(positionals[0] === undefined ? {} : { folder: positionals[0] }),
    from: process.env.INIT_CWD ?? process.cwd(),
    samplesDir: `${settings.modelsDir}/samples`,
  });
  const openPeer = values.peer ? () => openHumanPeer(`${settings.modelsDir}/peers/human`) : undefined;
  const result = await benchEngine({ profile, images, rounds, openPeer });
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : toTable(result));
  if (soakFrames > 0) await soak(profile, images, soakFrames);
}

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} must be a whole number from 1`);
  return count;
}

async function soak(profile: Profile, images: readonly BenchImage[], frames: number): Promise<void> {
  const engine = await openEngine({ profile });
  const { firstRssMb, lastRssMb, kilobytesPerThousandFrames } = await soakEngine({
    engine,
    images: await selectScored(engine, images),
    frames,
    onTenth: ({ frame, rssMb }) => process.stderr.write(`soak: frame ${frame}, RSS ${rssMb.toFixed(0)} MB\n`),
  });
  await engine.close();
  // On stderr: with --json stdout holds one object.
  process.stderr.write(
    `soak: ${frames} frames, RSS ${firstRssMb.toFixed(0)} to ${lastRssMb.toFixed(0)} MB, ` +
      `${kilobytesPerThousandFrames.toFixed(1)} KB per 1000 frames over the second half\n`,
  );
}

function toTable(result: BenchResult): string {
  const { framesPerSecondPerCore: cascade, ...outcomes } = result.cascade;
  const rows = [
    ['profile', result.profile],
    ['engine', `${result.framesPerSecondPerCore.toFixed(1)} frames/s/core, every model on every frame`],
    ['bare loop', `${result.bareFramesPerSecondPerCore.toFixed(1)} frames/s/core`],
    ['ratio', result.ratio.toFixed(3)],
    ['cascade', `${cascade.toFixed(1)} frames/s/core, as it serves`],
    ...Object.entries(outcomes).map(([outcome, costs]) => [
      `  ${outcome}`,
      `${costs.framesPerSecondPerCore.toFixed(1)} frames/s/core, ${costs.frames} of the frames`,
    ]),
    ...Object.entries(result.stages).map(([stage, cost]) => [stage, `${cost.toFixed(2)} ms CPU`]),
    ...(result.peer
      ? [[`peer ${result.peer.name}`, `${result.peer.framesPerSecondPerCore.toFixed(1)} frames/s/core`]]
      : []),
    ['peak RSS', `${result.peakRssMb.toFixed(0)} MB`],
  ];
  return `${rows.map(([name = '', value]) => `${name.padEnd(16)}${value}`).join('\n')}\n`;
}

await main().catch((error: Error) => {
  process.stderr.write(`bench-engine: ${error.message}\n`);
  process.exitCode = 1;
});
