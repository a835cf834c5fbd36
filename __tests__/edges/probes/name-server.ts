import { createSocket } from 'node:dgram';

/** What a name server of our own answers: records by `name TYPE`, or a code; else NXDOMAIN. */
export type Zone = Readonly<Record<string, readonly string[] | 'SERVFAIL' | 'silence'>>;

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA' };
const CODES = { answer: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;

function toQuestion(query: Buffer) {
  const labels: string[] = [];
  let offset = 12;
  for (let length = query[offset] ?? 0; length > 0; length = query[offset] ?? 0) {
    labels.push(query.toString('latin1', offset + 1, offset + 1 + length));
    offset += length + 1;
  }
  const type = query.readUInt16BE(offset + 1);
  return { name: labels.join('.'), type, end: offset + 5 };
}

function toAddressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string): number[] =>
    text
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16));
  const all = [...groups(left), ...Array<number>(8).fill(0), ...groups(right)];
  all.splice(groups(left).length, all.length - 8);
  const bytes = Buffer.alloc(16);
  all.forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  return bytes;
}

function toReply(query: Buffer, zone: Zone): Buffer | undefined {
  const { name, type, end } = toQuestion(query);
  const entry = zone[`${name} ${TYPES[type] ?? ''}`];
  if (entry === 'silence') return undefined;
  const known = Object.keys(zone).some((key) => key.startsWith(`${name} `));
  const code = entry === 'SERVFAIL' ? CODES.SERVFAIL : known ? CODES.answer : CODES.NXDOMAIN;
  const addresses = Array.isArray(entry) ? (entry as readonly string[]) : [];
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) => {
    const data = toAddressBytes(address);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(60, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

/** A name server on loopback. */
export async function serveNames(zone: Zone) {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const reply = toReply(query, zone);
    if (reply !== undefined) socket.send(reply, port, address);
  });
  await new Promise<void>((ready) => {
    socket.bind(0, '127.0.0.1', ready);
  });
  return {
    server: `127.0.0.1:${socket.address().port}`,
    close: () => {
      socket.close();
    },
  };
}
