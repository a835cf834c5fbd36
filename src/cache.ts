import type { CacheRequest } from './edges/cache-client.ts';
import { answerRequest } from './edges/cache-client.ts';

// Started by the other entries, which made the request: it needs no validation.
await answerRequest(JSON.parse(process.argv[2] ?? '') as CacheRequest);
// Connections that the client keeps open would hold the process.
process.exit(0);
