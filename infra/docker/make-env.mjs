// Prints the secrets that docker-compose.yml asks for, freshly drawn: `docker run --rm livegate node infra/docker/make-env.mjs > .env`
import { randomBytes } from 'node:crypto';
import { newApiKey } from '@livegate/crypto/api-key';

const secret = () => randomBytes(24).toString('base64url');
process.stdout.write(`# Secrets of this installation: keep them out of version control.
POSTGRES_PASSWORD=${secret()}
GRAFANA_ADMIN_PASSWORD=${secret()}
GRAFANA_READER_PASSWORD=${secret()}
# The key of the default client: given to the integrator, needed here at the first start only.
LIVEGATE_API_KEY=${newApiKey('live')}
# Where end users' browsers find this installation; the camera needs https everywhere but on localhost.
LIVEGATE_PUBLIC_URL=http://localhost:8080
# For --profile s3:
S3_ACCESS_KEY=livegate
S3_SECRET_KEY=${secret()}
`);
