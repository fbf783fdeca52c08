/** Every instrument, declared once. Labels are closed lists: no ids, no names. */
import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('livegate');

export const METRICS = {
  checks: meter.createCounter('lv_checks_total', { description: 'Checks that reached a state, by state and reason' }),
  frames: meter.createCounter('lv_frames_total', { description: 'Frames received' }),
  inference: meter.createHistogram('lv_inference_seconds', {
    unit: 's',
    description: 'One frame batch in a child process',
  }),
  deliveryAttempts: meter.createCounter('lv_delivery_attempts_total', { description: 'Webhook attempts, by outcome' }),
  batchesReenqueued: meter.createCounter('lv_batches_reenqueued_total', {
    description: 'Frame batches that the sweep had to enqueue again',
  }),
} as const;
