import { runService } from '@livegate/service-kit/run-service';
import { readConfig } from './config.ts';
import { wireInferenceWorker } from './wiring.ts';

await runService({ process, wire: (env) => wireInferenceWorker(readConfig(env)) });
