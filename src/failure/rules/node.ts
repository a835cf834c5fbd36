import type { RuleTable } from './rule.ts';

/** npm, yarn, pnpm, and node itself. */
export const NODE: RuleTable = {
  tool: 'npm, yarn, pnpm and node',
  seen: /\b(?:npm|npx|yarn|pnpm|node|bun|corepack|ERR_PNPM|YN\d{4}|tsc|next|vite|jest|package\.json|lerna|nx|turbo)\b/i,
  rules: [
    {
      id: 'npm-integrity',
      category: 'critical:data',
      strength: 'decisive',
      lines: [
        /\bcode EINTEGRITY\b|\bEINTEGRITY\b|\bERR_PNPM_TARBALL_INTEGRITY\b|\bIntegrity check failed\b|\bYN0018\b|\bintegrity checksum failed\b/,
      ],
      fix: 'A package is not the one in the lock file. Do not override it: clean the cache once; if it stays, the registry serves something else.',
      run: ['npm cache verify'],
    },
    {
      id: 'npm-credentials',
      category: 'recoverable:credentials',
      strength: 'decisive',
      lines: [
        /\bcode (?:E401|ENEEDAUTH|EOTP|EAUTHUNKNOWN)\b|\bERR_PNPM_FETCH_401\b|\bYN0041\b|\b(?:YN0033|No authentication configured)\b|\bIncorrect or missing password\b|\bUnable to authenticate, (?:your|need)\b/,
      ],
      fix: 'The registry does not accept the token. Check that .npmrc reads it from the environment of this step.',
      run: ['npm config get registry', 'npm whoami'],
    },
    {
      id: 'npm-forbidden',
      category: 'recoverable:permission',
      strength: 'decisive',
      lines: [/\bcode E403\b|\bERR_PNPM_FETCH_403\b|\bcode (?:EACCES|EPERM|EROFS)\b/],
      fix: 'The registry or this host does not allow it: no right on the package or on the directory.',
      run: ['npm config get prefix cache', 'id'],
    },
    {
      id: 'npm-not-found',
      category: 'recoverable:dependency',
      strength: 'decisive',
      lines: [
        /\bcode (?:E404|ETARGET|ENOVERSIONS|EBADENGINE|EBADPLATFORM|ENOTSUP|ERESOLVE|EOVERRIDE|ENOENT)\b/,
        /\bERESOLVE (?:unable to resolve|could not resolve)\b|\bNo matching version found for (?<package>\S{1,120})/,
        /\bERR_PNPM_(?:FETCH_404|NO_MATCHING_VERSION\w*|NO_VERSIONS|PEER_DEP_ISSUES|UNSUPPORTED_ENGINE|WORKSPACE_PKG_NOT_FOUND|PACKAGE_NOT_FOUND\w*|SPEC_NOT_SUPPORTED\w*)\b/,
        /\bCouldn't find (?:any versions for|package) "(?<package>[^"]{1,120})"|\b(?:YN0035|YN0082|YN0009|YN0060)\b|\bThe engine "\w+" is incompatible with this module\b|\bFound incompatible module\b/,
      ],
      fix: 'A package or version is not there, or does not fit the others or this node. Check name, registry and versions.',
      run: ['npm view {package} versions', 'node --version'],
    },
    {
      id: 'npm-lock-file',
      category: 'recoverable:configuration',
      strength: 'decisive',
      lines: [
        /\bcode (?:EUSAGE|EJSONPARSE|EINVALIDPACKAGENAME|EINVALIDTAGNAME|ENOWORKSPACES|EUNSUPPORTEDPROTOCOL|EPUBLISHCONFLICT|EINVALIDCONFIG|ELSPROBLEMS|EPRIVATE)\b/,
        /\bcan only install (?:packages when|with an existing) |\bin sync\b.{0,60}\bpackage(?:-lock)?\.json\b/,
        /\bERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE_\w+|NO_LOCKFILE|NO_PKG_MANIFEST|NO_IMPORTER_MANIFEST_FOUND|NO_SCRIPT|FROZEN_LOCKFILE\w*|BAD_PM_VERSION|JSON_PARSE|INVALID_\w+)\b/,
        /\bYour lockfile needs to be updated\b|\bYN0028\b|\bThe lockfile would have been (?:modified|created)\b|\bThis project is configured to use (?:yarn|pnpm|npm)\b|\bThis package doesn't seem to be present in your lockfile\b|\bUsage Error\b/,
        /\bMissing script: "(?<name>[^"]{1,80})"/,
        /\bCommand "(?<name>[^"]{1,80})" not found\b|\bUnknown Syntax Error: Command not found\b|\bYou cannot publish over the previously published versions\b/,
      ],
      fix: 'package.json, lock file and command do not fit together. Install locally, commit the lock file, and try again.',
    },
    {
      id: 'npm-rate-limit',
      category: 'transient:rate-limit',
      strength: 'decisive',
      lines: [/\bcode E429\b|\bERR_PNPM_FETCH_429\b/],
      fix: 'The registry limits requests. Wait, or use a mirror.',
    },
    {
      id: 'npm-service',
      category: 'transient:service',
      strength: 'decisive',
      lines: [/\bcode E5\d\d\b|\bERR_PNPM_FETCH_5\d\d\b|\bYN0035\b.{0,120}\b50\d\b/],
      own: 'critical:health',
      fix: 'The registry has trouble. If it goes on, look at its status page.',
    },
    {
      id: 'npm-network',
      category: 'transient:network',
      strength: 'decisive',
      own: 'critical:health',
      lines: [
        /\bcode (?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EPIPE|ERR_SOCKET_CLOSED|ECONNABORTED|EIDLETIMEOUT|ERR_STREAM_PREMATURE_CLOSE|FETCH_ERROR)\b$/,
        /\bERR_PNPM_META_FETCH_FAIL\b|\bERR_PNPM_FETCH_FAIL\w*\b|\bThere appears to be trouble with your network connection\b|\bInvalid response body while trying to fetch\b|\bnetwork This is a problem related to network connectivity\b/,
        /\brequest to (?:https?:\/\/)(?<host>[\w.-]{1,253})\S{0,200} failed, reason: (?!.{0,120}(?:certificate|self.signed|CERT))/,
        /\bAn unexpected error occurred: "https?:\/\/.{1,300}: (?:ESOCKETTIMEDOUT|connect E\w+|getaddrinfo|tunneling socket|ETIMEDOUT|read ECONNRESET|Request failed "5\d\d)/,
      ],
      fix: 'The registry could not be reached. If it goes on, check registry, network and proxy settings.',
      run: ['npm ping'],
    },
    {
      id: 'npm-timeout',
      category: 'transient:timeout',
      strength: 'decisive',
      own: 'critical:health',
      lines: [
        /\bcode (?:ETIMEDOUT|ERR_SOCKET_TIMEOUT|ESOCKETTIMEDOUT)\b/,
        /\bnpm (?:ERR!|error) .{0,80}\bSocket timeout\b/,
      ],
      fix: 'The registry did not answer in time.',
      run: ['npm ping'],
    },
    {
      id: 'node-module-missing',
      category: 'recoverable:dependency',
      lines: [
        /\bCannot find (?:module|package) '(?<package>[^']{1,200})'(?!.{0,120}TS\d{4})/,
        /\b(?:ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED|ERR_DLOPEN_FAILED)\b/,
        /\bwas compiled against a different Node\.js version\b|\bInvalid ELF header\b|\bGLIBC(?:XX)?_[\d.]+' not found\b|\bYou are using Node(?:\.js)? v?[\d.]+/i,
        /\bCould not load the "sharp" module\b|\bnext: not found\b/,
      ],
      fix: 'A module is missing, or was built for another node. Install dependencies in this checkout, with this node.',
      run: ['npm ls {package}', 'node --version'],
    },
    {
      id: 'node-syntax',
      category: 'critical:build',
      lines: [
        /^SyntaxError: (?!.{0,120}\bJSON\b)/,
        /\bERR_REQUIRE_ESM\b|\bERR_UNKNOWN_FILE_EXTENSION\b|\bCannot use import statement outside a module\b/,
      ],
      fix: 'The code cannot be parsed by this node. Check the build output and the version of node.',
      run: ['node --version'],
    },
    {
      id: 'node-json',
      category: 'recoverable:configuration',
      lines: [
        /^SyntaxError: .{0,200}\bJSON\b/,
        /\bERR_OSSL_EVP_UNSUPPORTED\b|\bERR_INVALID_(?:URL|ARG_VALUE|ARG_TYPE)\b|\bbad option: --/,
        /\bUnexpected token .{0,40} in JSON\b/,
      ],
      fix: 'A setting or JSON file is not what node expects.',
    },
    {
      id: 'node-uncaught',
      category: 'critical:crash',
      strength: 'weak',
      lines: [
        /^(?:Uncaught )?(?:TypeError|ReferenceError|RangeError): (?!fetch failed)/,
        /\bUnhandledPromiseRejection\b|\bERR_UNHANDLED_REJECTION\b/,
      ],
      fix: 'The script ended with an error of its own. The first frame in the repository shows where.',
    },
  ],
};
