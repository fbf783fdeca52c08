import { runService } from '@livegate/service-kit/run-service';
import { readConfig } from './config.ts';
import { wireWebhookDispatcher } from './wiring.ts';

await runService({ process, wire: (env) => wireWebhookDispatcher(readConfig(env)) });
