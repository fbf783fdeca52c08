/**
 * Every instrument, declared once. Labels are closed lists: no ids, no names, no origins. Names are Prometheus names, the
 * same over OTLP; dashboards and alerts may name nothing else (a test compares).
 */
import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('livegate');

// Around the objectives (1 s to the first webhook, 3 s to a verdict) and the deadlines (15 s instant, 120 s hosted).
const WAITS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 15, 30, 60, 120];
// Semantic conventions' buckets for request durations.
const REQUESTS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const STAGES = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 8];
const SHARES = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
const buckets = (explicitBucketBoundaries: number[]) => ({ unit: 's', advice: { explicitBucketBoundaries } });

export const METRICS = {
  checks: meter.createCounter('lv_checks_total', { description: 'Checks that reached a state, by state and reason' }),
  frames: meter.createCounter('lv_frames_total', { description: 'Frames received' }),
  inference: meter.createHistogram('lv_inference_seconds', {
    description: 'One frame batch in a child process',
    ...buckets(STAGES),
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
    description: 'For how long the oldest webhook delivery has been due whose receiver does not rest',
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

  // What callers and persons see.
  requests: meter.createHistogram('http_server_request_duration_seconds', {
    description: 'Requests answered, by method, route and status',
    ...buckets(REQUESTS),
  }),
  captureSteps: meter.createCounter('lv_capture_steps_total', {
    description:
      'Steps of hosted captures: opened, started, submitted, returned, abandoned, handoff_offered, handoff_taken, handoff_taken_back',
  }),
  verdict: meter.createHistogram('lv_verdict_seconds', {
    description: 'From a hosted submission to its verdict',
    ...buckets(WAITS),
  }),
  firstAttempt: meter.createHistogram('lv_first_attempt_seconds', {
    description: 'From the commit of an event to the end of its first webhook attempt',
    ...buckets(WAITS),
  }),

  // What the engine does and sees.
  batchWait: meter.createHistogram('lv_batch_wait_seconds', {
    description: 'From the commit of a frame batch to its claim by a worker',
    ...buckets(WAITS),
  }),
  stages: meter.createHistogram('lv_inference_stage_seconds', {
    description: 'One frame in one stage of the engine',
    ...buckets(STAGES),
  }),
  scores: meter.createHistogram('lv_frame_score', {
    description: 'Scores of frames, without identity: their drift is what is watched',
    advice: { explicitBucketBoundaries: SHARES },
  }),
  frameReasons: meter.createCounter('lv_frame_reasons_total', { description: 'Frames without a score, by reason' }),
  faceLuma: meter.createHistogram('lv_face_luma', {
    description: 'Mean luma of the chosen face, 0 to 255',
    advice: { explicitBucketBoundaries: [20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 220] },
  }),
  faceSide: meter.createHistogram('lv_face_side_pixels', {
    description: 'Side of the chosen face in the decoded picture',
    advice: { explicitBucketBoundaries: [50, 75, 100, 125, 150, 200, 250, 300, 400, 600, 800] },
  }),
  faceSharpness: meter.createHistogram('lv_face_sharpness', {
    description: 'Sharpness of the chosen face, on the engine’s logarithmic scale',
    advice: { explicitBucketBoundaries: [-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4] },
  }),
  childrenLost: meter.createCounter('lv_children_lost_total', {
    description: 'Inference children that ended unasked',
  }),

  // What waits. Measured in Postgres and the queue by lifecycle: each instance reports the same, so take the maximum.
  queueAge: meter.createGauge('lv_queue_oldest_age_seconds', {
    unit: 's',
    description: 'Age of the oldest frame batch that is not scored',
  }),
  queueJobs: meter.createGauge('lv_queue_jobs', { description: 'Jobs in the queue, by state' }),
  batchesWaiting: meter.createGauge('lv_batches_waiting', { description: 'Frame batches that are not scored' }),
  outboxLag: meter.createGauge('lv_outbox_lag_seconds', {
    unit: 's',
    description: 'Age of the oldest frame batch that no queue has taken',
  }),
  openChecks: meter.createGauge('lv_checks_open', { description: 'Checks that are not finished, by state' }),

  // What must be zero.
  imagesOverdue: meter.createGauge('lv_images_overdue_deletion', {
    description: 'Checks whose images should have been deleted a minute ago or more',
  }),
  invariantViolations: meter.createCounter('lv_invariant_violations_total', {
    description: 'Rows that broke an invariant, summed over the rounds that found them',
  }),
  sweepFailures: meter.createCounter('lv_sweep_failures_total', { description: 'Rounds of a sweep that failed' }),
  sweeps: meter.createHistogram('lv_sweep_seconds', { description: 'One round of a sweep', ...buckets(STAGES) }),
} as const;

/** Read when somebody looks, in every process. */
export const OBSERVED = {
  eventLoopDelay: meter.createObservableGauge('lv_eventloop_delay_seconds', {
    unit: 's',
    description: 'Delay of the event loop since the last look, by quantile',
  }),
  cpu: meter.createObservableCounter('process_cpu_seconds_total', {
    unit: 's',
    description: 'CPU time of this process',
  }),
  memory: meter.createObservableGauge('process_resident_memory_bytes', {
    unit: 'By',
    description: 'Resident memory of this process',
  }),
  started: meter.createObservableGauge('process_start_time_seconds', {
    unit: 's',
    description: 'When this process started, Unix time',
  }),
} as const;
