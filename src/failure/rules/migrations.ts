import type { RuleTable } from './rule.ts';

const LOOK =
  'Look at which migrations the database has recorded and what the failed one already changed; mend that before anything runs again.';

/** Migration tools. What they refuse before they change anything is recoverable; what stopped half-way is not. */
export const MIGRATIONS: RuleTable = {
  tool: 'migration tools',
  seen: /migrat|flyway|liquibase|alembic|prisma|knex|changelog|schema|goose|dbmate|sqitch|rails|rake|django|artisan|doctrine|typeorm|sequelize|atlas|evolutions|changeset/i,
  rules: [
    {
      id: 'migration-busy',
      category: 'transient:lock',
      strength: 'decisive',
      lines: [
        /\bMigration table is already locked\b|\bMigrationLocked\b|\bCan't take lock to run migrations\b/,
        /\bAnother migration is already running\b|\bConcurrentMigrationError\b|\banother migration process is currently running\b/i,
        /\bCould not acquire (?:change log|changelog|database|migration|advisory) lock\b|\bcan't acquire (?:database )?lock\b|\btimeout: can't acquire\b|\bUnable to (?:acquire|obtain) .{0,60}\b(?:advisory|table|schema history|migration)\b.{0,40}\block\b|\bwaiting for changelog lock\b.{0,10}$|\bCurrently locked by\b/i,
        /\bTimed out trying to acquire a postgres advisory lock\b|\bfailed to acquire (?:advisory )?lock\b|\btry lock failed\b/i,
        /\bNumber of retries exceeded while attempting to acquire PostgreSQL advisory lock\b/,
      ],
      fix: 'Another migration runs, or a crash left its lock. When none is left, release the lock with the command of the tool.',
    },
    {
      id: 'migration-failed-before',
      category: 'critical:migration',
      strength: 'decisive',
      lines: [
        /\bP3009\b|\bmigrate found failed migrations\b/,
        /\bDirty database version (?<name>\d{1,20})\b/,
        /\bDetected failed (?:repeatable )?migration\b|\bcontains a failed (?:repeatable )?migration\b/i,
      ],
      fix: 'An earlier migration failed half-way and is recorded as such; nothing more was applied now. Clean up what it left, mark it as resolved, then go on.',
    },
    {
      id: 'migration-failed',
      category: 'critical:migration',
      strength: 'decisive',
      lines: [
        /\bP3018\b|\bA migration failed to apply\b|\bP3006\b/,
        /\bMigration (?:of schema .{1,80} )?(?:to version )?"?\S{1,200}"? failed\b(?!.{0,80}(?:connect|validat))|\bmigration file "?\S{1,200}"? failed\b|\bmigration failed with error\b/i,
        /\bMigration failed for change ?set\b|\bUnexpected error running Liquibase: .{0,80}Migration failed\b/i,
        /\bfailed to run SQL migration\b|\bmigration failed(?: in line \d+)?: |\bfailed to apply migration\b|\bFailed to execute script\b|\bScript \S{1,120}\.sql failed\b/i,
        /\bMigration \S{1,120} failed during (?:Execution|Pre-Checks)\b|\bThe migration .{1,120} (?:failed|threw)/i,
        /\b(?:MigrationError|FlywayMigrateException|FlywayMigrateSqlException|LiquibaseException|DataCorruption)\b.{0,10}$/,
      ],
      fix: LOOK,
    },
    {
      id: 'migration-rails',
      category: 'critical:migration',
      strength: 'symptom',
      lines: [/\bAn error has occurred, (?:this and )?all later migrations canceled\b/],
      fix: LOOK,
      run: ['bin/rails db:migrate:status'],
    },
    {
      id: 'migration-refused',
      category: 'recoverable:configuration',
      strength: 'decisive',
      lines: [
        /\bMigration checksum mismatch\b|\bMigrations have failed validation\b|\bValidate failed\b|\bDetected (?:resolved migration not applied|applied migration not resolved)|\bnot resolved locally\b|\bFound more than one migration with version\b/i,
        /\bFound non-empty schema\(s\)\b|\bP3005\b|\bThe database schema is not empty\b/,
        /\bchange ?sets check ?sums?\b|\bValidation Failed:|\bwas: \d+:\w+ but is now: \d+:\w+/i,
        /\bMultiple (?:head revisions|heads) are present\b|\bTarget database is not up to date\b|\bRevision \S{1,80} is present more than once\b/,
        /\bInconsistentMigrationHistory\b|\bConflicting migrations detected\b|\bmultiple leaf nodes\b/,
        /\bP10(?:12|13)\b|\bP3019\b|\bError validating datasource\b|\bEnvironment variable not found: (?<variable>\w{1,80})/,
        /\bPendingMigrationError\b|\bDuplicateMigration(?:Name|Version)Error\b|\bEnvironmentMismatchError\b|\bProtectedEnvironmentError\b/,
        /\bNot run migration \S{1,200} is preceding already run migration\b|\bmissing migrations? before current version\b|\bfound \d+ missing migrations\b/i,
        /\bThe migration directory is corrupt\b/,
        /\batlas\.sum\b|\bchecksum file (?:mismatch|not found)\b/i,
      ],
      fix: 'The tool refused before it changed anything: files and database tell different stories. Never edit a migration that is applied; add a new one.',
    },
    {
      id: 'migration-file-missing',
      category: 'recoverable:dependency',
      strength: 'decisive',
      lines: [
        /\bCan't locate revision identified by '(?<name>[^']{1,80})'/,
        /\bNodeNotFoundError\b|\bUnknownMigrationVersionError\b|\bNoSuchModuleError\b|\bno migration (?:files )?found\b|\bno migrations? found\b.{0,40}(?:error|directory)/i,
        /\bthe following files are missing\b|\bP3015\b|\bCould not find the migration file\b/,
        /\bNo script_location\b|\bNo config file '(?<path>[^']{1,300})' found\b/,
        /\bno (?:change|file does not exist)$|\bfile does not exist$/,
      ],
      fix: 'The database names a migration that this release does not have. Most often an older release is deployed over a newer schema.',
    },
    {
      id: 'migration-prisma-connect',
      category: 'transient:network',
      own: 'critical:health',
      lines: [/\bP1001\b|\bP1002\b|\bP1008\b/],
      fix: 'The database server cannot be reached. If it goes on, check that it runs, and the address.',
    },
    {
      id: 'migration-prisma-lost',
      category: 'critical:migration',
      lines: [/\bP1017\b/],
      fix: LOOK,
    },
    {
      id: 'migration-prisma-credentials',
      category: 'recoverable:credentials',
      lines: [/\bP1000\b|\bP1010\b/],
      fix: 'The database server does not let this user in. Check the URL in the environment of this step.',
    },
    {
      id: 'migration-prisma-database',
      category: 'recoverable:dependency',
      lines: [/\bP1003\b|\bNoDatabaseError\b/],
      fix: 'There is no such database on the server. Create it, or check the name.',
    },
    {
      id: 'migration-connect',
      category: 'transient:network',
      own: 'critical:health',
      lines: [
        /\bUnable to obtain connection from database\b(?!.{0,400}(?:authentication|password|Access denied|does not exist|no pg_hba))/i,
        /\bActiveRecord::ConnectionNotEstablished\b|\bActiveRecord::DatabaseConnectionError\b|\bKnexTimeoutError\b|\bSequelizeConnection(?:Refused|TimedOut|HostNotFound|HostNotReachable)?Error\b/,
      ],
      fix: 'The database was not reached, so nothing changed. If it goes on, check that it runs, and the address.',
    },
    {
      id: 'migration-sql',
      category: 'critical:migration',
      command:
        /migrat|upgrade|flyway|liquibase|alembic|prisma|knex|goose|dbmate|sqitch|artisan|doctrine|typeorm|sequelize/i,
      lines: [
        /\b(?:sqlalchemy\.exc|django\.db\.utils|psycopg2?\.errors|ActiveRecord)(?:\.|::)(?:Integrity|Programming|Data|Internal|NotSupported|StatementInvalid|RecordNotUnique|NotNullViolation|InvalidForeignKey)\w*/,
        /\bSQL State\s{0,4}: (?!08)\w{5}|\bSQLSTATE\[(?!HY000\] \[|08)\w{5}\]/,
        /\bQueryFailedError\b|\bSequelizeDatabaseError\b|\bIrreversibleMigration\b|\bIrreversibleError\b|\bFieldDoesNotExist\b/,
      ],
      fix: LOOK,
    },
    {
      id: 'migration-stopped',
      category: 'critical:migration',
      strength: 'symptom',
      lines: [
        /\bError during migration (?:run|revert)\b|\bmigration (?:run )?(?:failed|aborted|stopped|error)\b|\bfailed (?:to run |running |to execute )?migrations?\b|\bmigrations? (?:could not|failed to)\b/i,
      ],
      fix: LOOK,
    },
  ],
};
