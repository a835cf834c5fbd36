import type { RuleTable } from './rule.ts';

export const MYSQL: RuleTable = {
  tool: 'mysql and mariadb',
  seen: /\b(?:mysql\w*|mariadb\w*|ERROR \d{4} \(|SQLSTATE|pymysql|ER_[A-Z_]{3,}|InnoDB|PDOException|Mysql2)\b|ERROR \d{4}/i,
  rules: [
    {
      id: 'mysql-socket',
      category: 'critical:service',
      strength: 'decisive',
      lines: [
        /\bCan't connect to local (?:MySQL )?server through socket '(?<path>[^']{1,300})'/,
        /SQLSTATE\[HY000\] \[2002\] No such file or directory/,
      ],
      fix: 'The database server of this host does not run, or uses another socket.',
      run: ['systemctl status mariadb mysql', 'ls -l {path}'],
    },
    {
      id: 'mysql-deadlock',
      category: 'transient:conflict',
      strength: 'decisive',
      lines: [
        /\bDeadlock found when trying to get lock\b|\bER_LOCK_DEADLOCK\b|\b(?:ERROR )?1213 \(/,
      ],
      fix: 'Two transactions met; the server rolled this one back.',
    },
    {
      id: 'mysql-lock-timeout',
      category: 'transient:lock',
      strength: 'decisive',
      lines: [
        /\bLock wait timeout exceeded\b|\bER_LOCK_WAIT_TIMEOUT\b|\bWaiting for table metadata lock\b/,
      ],
      fix: 'Another transaction holds the rows or the table. Find the long one.',
      run: ['mysql -e "show full processlist"'],
    },
    {
      id: 'mysql-connections',
      category: 'transient:service',
      strength: 'decisive',
      lines: [/\bToo many connections\b|\bER_CON_COUNT_ERROR\b|\bmax_user_connections\b/],
      fix: 'All connections of the server are in use. If it goes on, look for clients that do not let go.',
      run: ['mysql -e "show full processlist"'],
    },
    {
      id: 'mysql-credentials',
      category: 'recoverable:credentials',
      lines: [
        /\bAccess denied for user '(?<name>[^']{0,80})'@/,
        /\bER_ACCESS_DENIED_ERROR\b|\bHost '[^']{1,253}' is not allowed to connect\b|\bAuthentication plugin '[^']{1,80}' cannot be loaded\b|\bER_NOT_SUPPORTED_AUTH_MODE\b/,
      ],
      fix: 'The server does not let this user in from this host. Check user, password and grants.',
    },
    {
      id: 'mysql-permission',
      category: 'recoverable:permission',
      migrating: 'critical:migration',
      lines: [
        /\b\w+ command denied to user\b|\bAccess denied; you need\b|\b(?:ERROR )?1(?:142|227|044)\b.{0,10}\(42000\)/,
      ],
      fix: 'The database user may not do this. Grant the right, or run it as another user.',
    },
    {
      id: 'mysql-constraint',
      category: 'critical:migration',
      strength: 'decisive',
      lines: [
        /\bDuplicate entry '.{0,200}' for key\b|\bCannot (?:add or update|delete or update) a (?:child|parent) row\b|\bforeign key constraint (?:fails|is incorrectly formed)\b|\bCheck constraint '.{1,120}' is violated\b|\bCONSTRAINT `[^`]{1,120}` failed\b|\bColumn '.{1,80}' cannot be null\b|\bIntegrity constraint violation\b/,
        /\b(?:Data truncat(?:ed|ion)|Data too long) for column\b|\bInvalid use of NULL value\b|\bCannot drop (?:index|column) '.{1,80}': needed in\b/,
      ],
      fix: 'The data does not fit the constraint. MySQL does not undo DDL: look at which statements took effect.',
    },
    {
      id: 'mysql-full',
      category: 'recoverable:resource',
      strength: 'decisive',
      lines: [
        /\bThe table '.{1,120}' is full\b|\b(?:Errcode|OS errno|errno): 28\b|\bER_DISK_FULL\b/,
      ],
      fix: 'The database server has no room left.',
      run: ['df -h'],
    },
    {
      id: 'mysql-corrupt',
      category: 'critical:data',
      strength: 'decisive',
      lines: [
        /\bis marked as crashed\b|\bIncorrect (?:key file|information in file)\b|\bInnoDB: .{0,80}(?:corrupt|page .{0,20}log sequence number)|\bTablespace is missing\b|\bER_NOT_KEYFILE\b/i,
      ],
      fix: 'A table is damaged. Stop writing, keep a copy, repair or restore.',
    },
    {
      id: 'mysql-lost',
      category: 'transient:network',
      own: 'critical:health',
      migrating: 'critical:migration',
      lines: [
        /\bLost connection to (?:MySQL |MariaDB )?server\b(?!.{0,40}(?:handshake|initial communication|authorization packet))|\b(?:MySQL |MariaDB )?server has gone away\b|\bPROTOCOL_CONNECTION_LOST\b/i,
      ],
      fix: 'The connection broke while the server worked. Find out whether the statement took effect.',
    },
    {
      id: 'mysql-unreachable',
      category: 'transient:network',
      own: 'critical:health',
      lines: [
        /\bCan't connect to (?:MySQL |MariaDB )?server on '(?<host>[^':]{1,253})(?::(?<port>\d{1,5}))?'/,
        /\bUnknown (?:MySQL |MariaDB )?server host '(?<host>[^']{1,253})'/,
        /\bLost connection to (?:MySQL |MariaDB )?server at\b|\bCan't connect to (?:MySQL|MariaDB) server\b/,
        /SQLSTATE\[HY000\] \[200[2356]\]/,
      ],
      fix: 'The database server cannot be reached. If it goes on, check that it runs and listens, and the firewall.',
      run: ['nc -vz {host} {port}'],
    },
    {
      id: 'mysql-database-missing',
      category: 'recoverable:dependency',
      lines: [
        /\bUnknown database '(?<name>[^']{1,80})'/,
        /\bUnknown (?:collation|character set|storage engine)\b/,
      ],
      fix: 'There is no such database on this server. Check the name and the host.',
      run: ['mysql -e "show databases"'],
    },
    {
      id: 'mysql-sql',
      category: 'recoverable:configuration',
      migrating: 'critical:migration',
      lines: [
        /\bERROR \d{4} \((?:42S0[12]|42S2[12]|42000|42S22|21S01|22\w{3})\)/,
        /\b(?:Table|Column|Key|Index|Unknown (?:column|table)|Duplicate (?:column name|key name)) ?'.{1,120}'(?: in '.{1,60}')?(?: (?:already exists|doesn't exist))?/,
        /\byou have an error in your SQL syntax\b|\bSQLSTATE\[42\w{3}\]|\bspecified key was too long\b|\brow size too large\b|\bInvalid default value for\b/i,
        /\brunning with the --(?:super-)?read-only option\b|\bmax_allowed_packet\b|\bHost '.{1,253}' is blocked\b/,
      ],
      fix: 'The statement does not fit the schema or the settings of the server. Compare which migrations the database has with those of this release.',
    },
  ],
};
