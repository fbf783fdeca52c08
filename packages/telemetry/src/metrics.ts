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
  shadowFrames: meter.createCounter('lv_shadow_frames_total', {
    description: 'Frames that a shadow scored beside the live models, by shadow and what it would have changed at 0.60',
  }),
  shadowDifference: meter.createHistogram('lv_shadow_score_difference', {
    description: 'How far a shadow scored from the live models, by shadow and direction',
    advice: { explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5] },
  }),
  deliveryAttempts: meter.createCounter('lv_delivery_attempts_total', { description: 'Webhook attempts, by outcome' }),
  deliveriesDue: meter.createGauge('lv_deliveries_due', {
    description: 'Webhook deliveries that are due and not made',
  }),
  deliveryAge: meter.createGauge('lv_delivery_age_seconds', {
    unit: 's',
    description: 'For how long the oldest due webhook delivery has been due',
  }),
  breakersOpen: meter.createGauge('lv_breaker_state', { description: 'Webhook breakers that are open or half open' }),
  breakerMoves: meter.createCounter('lv_breaker_moves_total', {
    description: 'Webhook breakers that opened or closed',
  }),
  clockSkew: meter.createGauge('lv_clock_skew_seconds', {
    unit: 's',
    description: 'How far this worker’s clock is ahead of the database’s',
  }),
  canaryAge: meter.createGauge('lv_canary_age_seconds', {
    unit: 's',
    description: 'Since this worker last finished a job; a canary asks for one every 10 s',
  }),
  batchesReenqueued: meter.createCounter('lv_batches_reenqueued_total', {
    description: 'Frame batches that the sweep had to enqueue again',
  }),
} as const;
