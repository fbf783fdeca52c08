import { runService } from '@livegate/service-kit/run-service';
import { readConfig } from './config.ts';
import { wireLifecycle } from './wiring.ts';

await runService({ process, wire: (env) => wireLifecycle(readConfig(env)) });
