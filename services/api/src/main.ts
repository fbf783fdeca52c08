import { runService } from '@livegate/service-kit/run-service';
import { readConfig } from './config.ts';
import { wireApi } from './wiring.ts';

await runService({ process, wire: (env) => wireApi(readConfig(env)) });
