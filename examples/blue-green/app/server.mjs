// The service that is deployed: says which release it is. Put yours here.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const version = readFileSync(`${import.meta.dirname}/../VERSION`, 'utf8');
const server = createServer((request, response) => {
  response.end(request.url === '/health' ? 'ok' : version);
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(`listening on port ${process.env.PORT}`);
});
process.on('SIGTERM', () => {
  server.close();
});
