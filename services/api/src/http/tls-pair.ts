/** The certificate and key that the api serves https with, when no proxy does it. Read once: a new pair comes into force with a restart. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SettingsError } from '@livegate/service-kit/settings';

/** PEM, as node's https takes them; `cert` may hold the chain below its own certificate. */
export type TlsPair = { cert: string; key: string; validUntil: Date };

type Paths = { certPath: string | undefined; keyPath: string | undefined; publicUrl: string | undefined };

/** Null without TLS of our own. Throws SettingsError for half a pair, what cannot be read, and what does not belong together. */
export async function readTlsPair({ certPath, keyPath, publicUrl }: Paths): Promise<TlsPair | null> {
  if (!certPath && !keyPath) return null;
  if (!certPath) throw halfAPair('LIVEGATE_TLS_KEY', 'LIVEGATE_TLS_CERT');
  if (!keyPath) throw halfAPair('LIVEGATE_TLS_CERT', 'LIVEGATE_TLS_KEY');
  if (publicUrl?.startsWith('http:')) {
    throw new SettingsError(
      'LIVEGATE_PUBLIC_URL starts with http:// although the api serves https: links would lead nowhere. Make it https://.',
    );
  }
  const cert = await readPem('LIVEGATE_TLS_CERT', certPath);
  const key = await readPem('LIVEGATE_TLS_KEY', keyPath);
  const certificate = parseCertificate(cert, certPath);
  if (!certificate.checkPrivateKey(parseKey(key, keyPath))) {
    throw new SettingsError(
      `LIVEGATE_TLS_KEY (${keyPath}) is not the key of LIVEGATE_TLS_CERT (${certPath}). The certificate's own must come first in its file.`,
    );
  }
  return { cert, key, validUntil: new Date(certificate.validTo) };
}

function halfAPair(given: string, missing: string): SettingsError {
  return new SettingsError(`${given} is set and ${missing} is not: https needs both, or neither.`);
}

async function readPem(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SettingsError(`${setting} cannot be read from ${path} (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function parseCertificate(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new SettingsError(`LIVEGATE_TLS_CERT (${path}) holds no certificate in PEM form.`);
  }
}

function parseKey(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new SettingsError(
      `LIVEGATE_TLS_KEY (${path}) holds no private key in PEM form that opens without a passphrase.`,
    );
  }
}
