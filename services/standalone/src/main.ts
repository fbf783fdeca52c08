import { runService } from '@livegate/service-kit/run-service';
import { stopWithParent } from './stop-with-parent.ts';
import { wireStandalone } from './wiring.ts';

await runService({
  process,
  wire: (env, stopping) => wireStandalone({ env, stopping, print: (text) => process.stdout.write(text) }),
  watch: (stop) => stopWithParent(process, stop),
});
