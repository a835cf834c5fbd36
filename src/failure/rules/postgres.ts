import type { RuleTable } from './rule.ts';

export const POSTGRES: RuleTable = {
  tool: 'postgresql',
  seen: /\b(?:psql|pg_\w+|postgres\w*|PG::|psycopg2?|pgbouncer|asyncpg|pq:|pgx|SQLSTATE|libpq|relation|createdb|vacuumdb|rails|rake|ActiveRecord|django|alembic|sqlalchemy|knex|prisma|typeorm|sequelize|flyway|liquibase|migrate)\b/i,
  rules: [
    {
      id: 'postgres-socket',
      category: 'critical:service',
      strength: 'decisive',
      lines: [
        /\bconnection to server on socket "(?<path>[^"]{1,300})" failed: (?!FATAL)/,
        /\bcould not connect to server: No such file or directory\b/,
        /\bIs the server running locally and accepting connections on (?:that socket|Unix domain socket)\b/,
      ],
      fix: 'The PostgreSQL server of this host does not run, or uses another socket.',
      run: ['pg_lsclusters', 'systemctl status postgresql'],
    },
    {
      id: 'postgres-starting',
      category: 'transient:service',
      strength: 'decisive',
      lines: [
        /\bthe database system is (?:starting up|shutting down|in recovery mode|not yet accepting connections|not accepting connections)\b/,
      ],
      fix: 'The server starts, stops or recovers at this moment. Wait for pg_isready before the step.',
      run: ['pg_isready -h {host}'],
    },
    {
      id: 'postgres-connections',
      category: 'transient:service',
      strength: 'decisive',
      lines: [
        /\btoo many clients already\b|\bremaining connection slots are reserved\b|\btoo many connections for (?:role|database)\b|\bno more connections allowed\b|\bquery_wait_timeout\b|\bserver login has been failing\b|\bMaxClientsInSessionMode\b|\btimeout exceeded when trying to connect\b/,
      ],
      fix: 'All connections of the server are in use. If it goes on, look for clients that do not let go.',
      run: ['psql -c "select state, count(*) from pg_stat_activity group by 1"'],
    },
    {
      id: 'postgres-credentials',
      category: 'recoverable:credentials',
      lines: [
        /\bpassword authentication failed for user "(?<name>[^"]{1,80})"/,
        /\bno password supplied\b|\bno pg_hba\.conf entry for\b|\b(?:Peer|Ident|GSSAPI|SCRAM|certificate) authentication failed\b/,
        /\brole "(?<name>[^"]{1,80})" (?:does not exist|is not permitted to log in)\b/,
      ],
      fix: 'The server does not let this user in: wrong password or user, or pg_hba.conf has no line for this host.',
    },
    {
      id: 'postgres-deadlock',
      category: 'transient:conflict',
      strength: 'decisive',
      lines: [
        /\bdeadlock detected\b|\bDeadlockDetected\b|\b40P01\b/,
        /\bcould not serialize access\b|\bSerializationFailure\b|\b40001\b|\brestart transaction\b/,
        /\bcanceling statement due to conflict with recovery\b/,
      ],
      fix: 'Two transactions met; the server rolled this one back as a whole.',
    },
    {
      id: 'postgres-lock-timeout',
      category: 'transient:lock',
      strength: 'decisive',
      lines: [
        /\bcanceling statement due to lock timeout\b|\bLockNotAvailable\b|\b55P03\b|\bcould not obtain lock on\b|\bLockWaitTimeout\b/,
      ],
      fix: 'Another transaction holds the table. Find the long one; run the change when less is going on.',
      run: [
        'psql -c "select pid, state, wait_event_type, left(query, 80) from pg_stat_activity where wait_event_type = \'Lock\'"',
      ],
    },
    {
      id: 'postgres-statement-timeout',
      category: 'critical:migration',
      lines: [
        /\bcanceling statement due to (?:statement timeout|user request)\b|\bQueryCanceled\b/,
      ],
      command: /migrat|upgrade|\.sql\b|flyway|alembic|prisma|knex|liquibase/i,
      strength: 'decisive',
      fix: 'A statement of the migration ran into its time limit and was rolled back. Split it, or raise statement_timeout for it.',
    },
    {
      id: 'postgres-constraint',
      category: 'critical:migration',
      strength: 'decisive',
      lines: [
        /\bviolates (?:unique|foreign key|check|not-null|exclusion|row-level) ?\w* ?constraint\b|\bviolates (?:not-null|check)\b/,
        /\bcontains null values\b|\bcould not create unique index\b|\bis violated by some row\b|\bduplicate key value\b/,
        /\b(?:NotNull|Unique|ForeignKey|Check|Exclusion|IntegrityConstraint)Violation\b/,
      ],
      fix: 'The data does not fit the constraint. Mend the data (or the migration) first; a repeat fails in the same way.',
    },
    {
      id: 'postgres-corrupt',
      category: 'critical:data',
      strength: 'decisive',
      lines: [
        /\binvalid page in block\b|\bcould not read block\b|\bcould not locate a valid checkpoint record\b|\bunexpected zeros in file\b|\bmissing chunk number\b/,
        /\binput file (?:does not appear to be a valid archive|is too short|appears to be a text format dump)|\bunsupported version \([\d.]+\) in file header\b|\bcould not read from input file: end of file\b|\bunexpected end of file\b.{0,40}\b(?:COPY|dump)/,
      ],
      fix: 'The database or the dump is damaged. Stop, keep a copy, and restore from a backup.',
    },
    {
      id: 'postgres-permission',
      category: 'recoverable:permission',
      migrating: 'critical:migration',
      lines: [
        /\bpermission denied (?:for|to) (?:table|schema|relation|sequence|database|function|view|column|language|create|set|type|materialized)\b/,
        /\bmust be (?:owner of|superuser|a member of)\b|\bInsufficientPrivilege\b/,
      ],
      fix: 'The database user may not do this. Grant the right, or run it as the owner.',
    },
    {
      id: 'postgres-database-missing',
      category: 'recoverable:dependency',
      lines: [
        /\bdatabase "(?<name>[^"]{1,80})" does not exist\b/,
        /\bextension "(?<package>[^"]{1,80})" is not available\b|\bcould not open extension control file\b/,
        /\baborting because of server version mismatch\b|\bserver version mismatch\b/,
      ],
      fix: 'The database or an extension is not there, or the client is older than the server.',
      run: ['psql -l'],
    },
    {
      id: 'postgres-lost',
      category: 'transient:network',
      own: 'critical:health',
      migrating: 'critical:migration',
      lines: [
        /\bserver closed the connection unexpectedly\b|\bterminating connection due to (?:administrator command|unexpected postmaster exit|crash of another server process|idle-in-transaction timeout)\b|\bAdminShutdown\b|\bSSL connection has been closed unexpectedly\b|\bcould not receive data from server\b|\bconnection to server was lost\b/,
      ],
      fix: 'The connection broke while the server worked. Find out whether the statement took effect.',
    },
    {
      id: 'postgres-unreachable',
      category: 'transient:network',
      own: 'critical:health',
      lines: [
        /\bconnection to server at "(?<host>[^"]{1,253})"(?: \([^)]{1,80}\))?, port (?<port>\d{1,5}) failed: (?!FATAL)/,
        /\bcould not connect to server: (?:Connection refused|Connection timed out|Host is unreachable|No route to host)/,
        /\bConnection to (?<host>[\w.-]{1,253}):(?<port>\d{1,5}) refused\b.{0,60}\bpostmaster\b/,
        /\bCan't reach database server at `?(?<host>[\w.-]{1,253})`?:?`?(?<port>\d{0,5})/,
      ],
      fix: 'The PostgreSQL server cannot be reached. If it goes on, check that it runs and listens, and the firewall.',
      run: ['pg_isready -h {host} -p {port}'],
    },
    {
      id: 'postgres-sql',
      category: 'recoverable:configuration',
      migrating: 'critical:migration',
      lines: [
        /\b(?:relation|column|table|type|function|schema|index|constraint|sequence|trigger|view|enum label|extension|policy|publication) "?[^"\s]{1,200}"?(?:\([^)]{0,80}\))?(?: of relation "[^"]{1,120}")? (?:already exists|does not exist)\b/,
        /\b(?:syntax error at or near|syntax error at end of input|cannot be cast automatically|cannot drop .{1,200} because other objects depend on it|current transaction is aborted|cannot alter type|invalid input syntax for|value too long for type|out of range for type|cannot run inside a transaction block|multiple primary keys|cannot execute \w+ in a read-only transaction|division by zero|deleted .{0,40}dependent)\b/i,
        /\b(?:Duplicate(?:Table|Column|Object|Schema|Function|Alias)|Undefined(?:Table|Column|Object|Function)|SyntaxError\) |DatatypeMismatch|FeatureNotSupported|DependentObjectsStillExist|InvalidTextRepresentation|StringDataRightTruncation|NumericValueOutOfRange|ActiveSqlTransaction|InFailedSqlTransaction|ReadOnlySqlTransaction)\b/,
      ],
      fix: 'The statement does not fit the schema as it is. Compare which migrations the database has with those of this release.',
    },
  ],
};
