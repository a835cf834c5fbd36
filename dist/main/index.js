import { runMain } from '../bundle/index.js';

await runMain(import.meta.dirname);
