/** What the command says about the meaning of its output. */
export interface Surroundings {
  readonly command: string;
  /** It applies changes to a database; a failure in the middle leaves it half-way. */
  readonly migrating: boolean;
  /** It asks whether the released service works: a far side that does not answer is our own. */
  readonly checksHealth: boolean;
  /** Every address that the command names is on this host. */
  readonly onlyLocal: boolean;
}

const MAX_COMMAND_CHARS = 16 * 1024;
const MIGRATION =
  /\b(?:migrat\w{0,10}|flyway|liquibase|alembic|db:(?:migrate|schema|setup|seed|rollback)|dbmate|goose|sqitch|knex|phinx|schema:(?:update|apply)|database update|schema-apply|migrate-\w+)\b|\batlas\b.{0,40}\bapply\b|(?:^|[\s/'"=])\d{3,14}_\w{1,80}\.sql\b/iu;
/** A script fed to a client without one transaction around it stops half-way. */
const FEEDS_SQL =
  /\bpsql\b[^\n]{0,400}(?:\s-f|--file|<)|\b(?:mysql|mariadb|sqlite3)\b[^\n]{0,400}<|\bpg_restore\b|\bsqlcmd\b[^\n]{0,200}-i/u;
const ONE_TRANSACTION = /\bpsql\b[^\n]{0,400}(?:\s-1\b|--single-transaction)/u;
const HEALTH =
  /\b(?:health|healthz|healthcheck|health[_-]check|check[_-]health|readyz?|readiness|livez|liveness|heartbeat|smoke|wait[_-]for(?:[_-]it)?|wait-on|dockerize|pg_isready|is-up|verify[_-]deploy\w*|post[_-]deploy\w*|preflight-db|is-active|_status|uptime-check)\b|\/(?:up|ping|status|version|alive)\b(?=["'\s?]|$)/iu;
const URL_HOSTS =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s/@'"]{1,200}@)?(\[[0-9a-f:.]{2,45}\]|[\w.-]{1,253})/giu;
const LOCAL_HOST =
  /^(?:localhost(?:\.localdomain)?|[\w-]{1,60}\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|0\.0\.0\.0|\[::\]|ip6-localhost)$/iu;
const LOCAL_WORD =
  /(?:^|[\s"'`(@/=[])(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|0\.0\.0\.0)(?=[\s"'`),:;/\]]|$)/iu;
/** A name or address of a far side, as messages print it. */
const REMOTE_NAME =
  /\b(?:[a-z0-9-]{1,63}\.){1,8}(?:com|net|org|io|dev|internal|local|de|eu|cloud|app|co|gov|edu|uk|fr|ai|sh|lan|corp|test|example)\b|\b(?!127\.|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b/iu;

/** Reads the command (the whole script, or the command that the trap named). */
export function toSurroundings(command: string): Surroundings {
  const text = command.slice(-MAX_COMMAND_CHARS);
  const hosts = [...text.matchAll(URL_HOSTS)].map((match) => match[1] ?? '');
  const feeds = FEEDS_SQL.test(text) && !ONE_TRANSACTION.test(text);
  const dashH = /\s(?:-h|--host[ =]|-H) ?(\S{1,253})/u.exec(text)?.[1];
  if (dashH !== undefined) hosts.push(dashH);
  return {
    command: text,
    migrating: feeds || (MIGRATION.test(text) && !ONE_TRANSACTION.test(text)),
    checksHealth: HEALTH.test(text),
    onlyLocal: hosts.length > 0 ? hosts.every(isLocalHost) : LOCAL_WORD.test(text),
  };
}

export function isLocalHost(host: string): boolean {
  return LOCAL_HOST.test(host.replace(/:\d{1,5}$/u, ''));
}

/** Whether a line speaks of this host, or, where it names nobody, the command does. */
export function speaksOfOwnService(
  line: string,
  host: string | undefined,
  around: Surroundings,
): boolean {
  if (host !== undefined && host !== '' && isLocalHost(host)) return true;
  if (LOCAL_WORD.test(line)) return true;
  const remote = host !== undefined && host !== '' ? host : REMOTE_NAME.exec(line)?.[0];
  if (remote === undefined) return around.checksHealth || around.onlyLocal;
  return around.checksHealth && around.command.includes(remote);
}
