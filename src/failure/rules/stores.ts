import type { RuleTable } from './rule.ts';

/** Redis, SQLite, MongoDB, search and queues. */
export const STORES: RuleTable = {
  tool: 'redis, sqlite, mongo and others',
  seen: /\b(?:redis\w*|sqlite\w*|mongo\w*|elastic\w*|opensearch|kafka|rabbitmq\w*|amqp|memcached?|valkey\w*|cassandra|cqlsh|etcd\w*|consul|minio|mc|vault|E11000|NOAUTH|LOADING|MISCONF|CLUSTERDOWN|constraint failed|database|flood|cockroach|dbmate|goose|migrate)\b/i,
  rules: [
    {
      id: 'redis-loading',
      category: 'transient:service',
      strength: 'decisive',
      lines: [
        /\bLOADING Redis is loading the dataset in memory\b|\bLOADING .{0,20}is loading\b/,
        /\b(?:CLUSTERDOWN|MASTERDOWN|TRYAGAIN)\b|\bBUSY Redis is busy running a script\b|\bmax number of clients reached\b/,
      ],
      fix: 'The server is up but cannot serve yet. Wait for PONG before the step.',
      run: ['redis-cli ping', 'redis-cli info persistence'],
    },
    {
      id: 'redis-credentials',
      category: 'recoverable:credentials',
      lines: [
        /\bNOAUTH Authentication required\b|\bWRONGPASS\b|\bERR (?:invalid password|AUTH <password> called without|Client sent AUTH)/,
      ],
      fix: 'The server wants another password. Check REDISCLI_AUTH or the URL.',
    },
    {
      id: 'redis-permission',
      category: 'recoverable:permission',
      lines: [/\bNOPERM\b/, /\bDENIED Redis is running in protected mode\b/],
      fix: 'The user may not run this command, or the server only answers its own host.',
    },
    {
      id: 'redis-memory',
      category: 'recoverable:resource',
      strength: 'decisive',
      lines: [
        /\bOOM command not allowed when used memory\b/,
        /\bMISCONF\b.{0,200}\b(?:persist|snapshot|RDB)/,
      ],
      fix: 'The server reached maxmemory or cannot write to its disk.',
      run: ['redis-cli info memory', 'df -h'],
    },
    {
      id: 'redis-configuration',
      category: 'recoverable:configuration',
      lines: [
        /\bREADONLY You can't write against a read only\b/,
        /\bFATAL CONFIG FILE ERROR\b|\bBad directive or wrong number of arguments\b/,
        /\bMOVED \d+ \S+:\d+/,
      ],
      fix: 'The address leads to a replica, or the configuration is not valid.',
      run: ['redis-cli info replication'],
    },
    {
      id: 'redis-unreachable',
      category: 'transient:network',
      own: 'critical:health',
      lines: [
        /\bCould not connect to (?:Redis|Valkey) at (?<host>[\w.-]{1,253}):(?<port>\d{1,5}): /,
        /\bError \d+ connecting to (?<host>[\w.-]{1,253}):(?<port>\d{1,5})\./,
      ],
      fix: 'The server cannot be reached. If it goes on, check that it runs and listens.',
      run: ['redis-cli -h {host} -p {port} ping'],
    },
    {
      id: 'store-corrupt',
      category: 'critical:data',
      strength: 'decisive',
      lines: [
        /\bdatabase disk image is malformed\b|\bfile is not a database\b|\bSQLITE_(?:CORRUPT|NOTADB)\b/,
        /\bBad file format reading the append only file\b|\bWrong signature trying to load DB\b|\bWiredTiger error\b.{0,120}\b(?:corrupt|checksum)/i,
      ],
      fix: 'The database file is damaged. Stop, keep a copy, and restore from a backup.',
      run: ['sqlite3 {path} "pragma integrity_check"'],
    },
    {
      id: 'sqlite-locked',
      category: 'transient:lock',
      strength: 'decisive',
      lines: [/\bdatabase (?:table |schema )?is locked\b|\bSQLITE_(?:BUSY|LOCKED)\b/],
      fix: 'Another process writes to the database. A busy timeout usually helps.',
      run: ['fuser -v {path}'],
    },
    {
      id: 'sqlite-constraint',
      category: 'critical:migration',
      strength: 'decisive',
      lines: [
        /\b(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK|PRIMARY KEY) constraint failed\b|\bSQLITE_CONSTRAINT\b/,
        /\bE11000 duplicate key error\b|\bDocument failed validation\b/,
      ],
      fix: 'The data does not fit the constraint. Mend the data first; a repeat fails in the same way.',
    },
    {
      id: 'sqlite-open',
      category: 'recoverable:permission',
      lines: [
        /\bunable to open database(?: file)?(?: "(?<path>[^"]{1,300})")?/,
        /\battempt to write a readonly database\b|\bSQLITE_(?:READONLY|CANTOPEN|PERM)\b/,
      ],
      fix: 'The database file or its directory cannot be opened or written by this account.',
      run: ['ls -ld {path}', 'id'],
    },
    {
      id: 'sqlite-sql',
      category: 'recoverable:configuration',
      migrating: 'critical:migration',
      lines: [
        /\bno such (?:table|column|index|module): (?<name>\S{1,120})|\btable "?\S{1,120}"? already exists\b|\bduplicate column name: \S+|\bnear "[^"]{0,80}": syntax error\b|\bhas no column named\b|\bCannot add a (?:NOT NULL|UNIQUE|PRIMARY KEY) column\b/,
      ],
      fix: 'The statement does not fit the schema as it is. Compare which migrations the database has with those of this release.',
    },
    {
      id: 'mongo-service',
      category: 'transient:service',
      lines: [
        /\b(?:NotWritablePrimary|NotPrimary\w*|PrimarySteppedDown|NotMaster\w*|InterruptedDueToReplStateChange)\b|\bnot (?:primary|master)\b/,
        /\bNOT_LEADER_(?:FOR_PARTITION|OR_FOLLOWER)\b|\bLeader not available\b|\bCoordinator not available\b|\bno master\b|\bNoNodeAvailable\b|\bmaster_not_discovered\b|\bUnavailableException\b|\bOverloadedException\b/i,
      ],
      fix: 'The cluster is choosing another leader.',
    },
    {
      id: 'mongo-unreachable',
      category: 'transient:network',
      own: 'critical:health',
      lines: [
        /\bMongo(?:ServerSelection|Network(?:Timeout)?)Error\b|\bServerSelectionTimeoutError\b|\bServer selection (?:timed out|timeout)/i,
        /\bNoBrokersAvailable\b|\bAll configured authentication methods failed\b.{0,20}broker|\bBroker transport failure\b|\bNoHostAvailable\b/,
      ],
      fix: 'No server of the cluster could be reached. If it goes on, check addresses, network and the allow list.',
    },
    {
      id: 'mongo-conflict',
      category: 'transient:conflict',
      strength: 'decisive',
      lines: [
        /\bWriteConflict\b|\bTransientTransactionError\b|\bversion_conflict_engine_exception\b|\bOptimisticLock(?:ing)?(?:Exception|FailureException|Error)?\b|\bStaleObject(?:State)?(?:Exception|Error)\b|\bRETRY_(?:SERIALIZABLE|WRITE_TOO_OLD)\b/,
      ],
      fix: 'Two writers met.',
    },
    {
      id: 'store-credentials',
      category: 'recoverable:credentials',
      lines: [
        /\bMongoServerError: (?:Authentication failed|bad auth)|\bbad auth : |\bACCESS_REFUSED\b|\bSaslAuthenticationException\b|\bsecurity_exception\b.{0,120}(?:authenticate|credentials)|\bInvalidAccessKeyId\b/i,
      ],
      fix: 'The server does not accept user or password.',
    },
    {
      id: 'store-permission',
      category: 'recoverable:permission',
      lines: [
        /\bnot authorized on \S+ to execute command\b|\bTOPIC_AUTHORIZATION_FAILED\b|\bsecurity_exception\b.{0,120}unauthorized/i,
      ],
      fix: 'The user may not do this on the server.',
    },
    {
      id: 'search-disk',
      category: 'recoverable:resource',
      strength: 'decisive',
      lines: [
        /\bflood[- ]stage\b|\bread-only-allow-delete\b|\bdisk usage exceeded\b|\bcircuit_breaking_exception\b|\bmaximum shards open\b/i,
      ],
      fix: 'The search cluster ran out of disk, shards or memory.',
    },
  ],
};
