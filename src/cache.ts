import type { CacheRequest } from './edges/cache-client.ts';
import { answerRequest } from './edges/cache-client.ts';

// Started by the other entries, which made the request: it needs no validation.
const [, , request = '', deadlineMs] = process.argv;
await answerRequest(JSON.parse(request) as CacheRequest, Number(deadlineMs));
// Connections that the client keeps open would hold the process.
process.exit(0);
