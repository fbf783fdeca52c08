/** What a wrapped key or secret is bound to: opened for another client, check or purpose it fails. */
export const keyPurpose = {
  frames: (clientId: string, checkId: string) => `${clientId}/${checkId}/frames/1`,
  webhookSecret: (clientId: string, checkId: string) => `${clientId}/${checkId}/webhook-secret/1`,
  endpointSecret: (clientId: string, endpointId: string) => `${clientId}/${endpointId}/endpoint-secret/1`,
  frameFingerprint: 'frame-fingerprint/1',
  frameLook: 'frame-look/1',
  answer: (clientId: string, idempotencyKey: string) => `${clientId}/answer/1/${idempotencyKey}`,
} as const;
