// The service that is deployed: answers with the version of the data it was started on.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const site = process.argv[2];
const server = createServer((_request, response) => {
  response.end(`ok ${readFileSync(`${site}/data/version`, 'utf8')}`);
});
server.listen(0, '127.0.0.1', () => {
  writeFileSync(`${site}/port`, String(server.address().port));
  writeFileSync(`${site}/pid`, String(process.pid));
});
