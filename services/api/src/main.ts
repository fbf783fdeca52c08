import { runService } from '@livegate/service-kit/run-service';
import { wireApi } from './wiring.ts';
import { readConfig } from './config.ts';

await runService({ process, wire: (env) => wireApi(readConfig(env)) });
