/** What a failure says about the batch that met it; by this the batch is tried again or given up. */
export type AfterFailure = { failure: string; meaning: FailureMeaning };

/**
 * `crash`: counts towards poison. `stop`: the worker's own end, which says nothing. `outage`: not the batch's fault and
 * passing; the start does not count, and the next one waits a little. `hopeless`: nothing can become of it.
 */
export type FailureMeaning = 'crash' | 'stop' | 'outage' | 'hopeless';
