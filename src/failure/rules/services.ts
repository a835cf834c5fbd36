import type { RuleTable } from './rule.ts';

/** systemd and other supervisors, web servers, certificates, deploy tools, and waiting for health. */
export const SERVICES: RuleTable = {
  tool: 'systemd, nginx, certbot, ansible and deploy tools',
  rules: [
    {
      id: 'deploy-lock',
      category: 'transient:lock',
      strength: 'decisive',
      lines: [
        /\bDeploy lock (?:found|already in place)\b|\bKamal::Cli::LockError\b|\bDeploy(?:ment)? (?:is )?locked\b/i,
        /\bAnother instance of Certbot is already running\b/,
        /\bwaiting for lock on\b.{0,80}\btimed? ?out\b/i,
      ],
      fix: 'Another deployment is running. When none is left, a cancelled one left its lock: release it by hand.',
    },
    {
      id: 'systemd-no-systemd',
      category: 'recoverable:dependency',
      lines: [
        /\bSystem has not been booted with systemd\b|\bFailed to connect to (?:system )?(?:scope )?bus\b|\bHost is down\b.{0,20}systemd|\bFailed to get D-Bus connection\b|\$DBUS_SESSION_BUS_ADDRESS and \$XDG_RUNTIME_DIR not defined/,
      ],
      fix: 'There is no systemd to talk to: a container, or a user service without a session.',
      run: ['ps -p 1 -o comm=', 'loginctl enable-linger'],
    },
    {
      id: 'systemd-unit-missing',
      category: 'recoverable:dependency',
      lines: [
        /\bUnit (?<unit>[\w.@:-]{1,120}) (?:could not be found|not found|not loaded)\b/i,
        /\bFailed to \w+ (?<unit>[\w.@:-]{1,120}): Unit .{0,120}not found\b|\bno such process\b|\bunrecognized service\b|\bFailed to enable unit: Unit file\b/i,
        /\[PM2\]\[ERROR\] (?:Process or Namespace|Script|File) /,
      ],
      fix: 'There is no such unit. Check the name, and run daemon-reload after the file is in place.',
      run: ['systemctl list-unit-files | grep -i {unit}', 'sudo systemctl daemon-reload'],
    },
    {
      id: 'systemd-denied',
      category: 'recoverable:permission',
      lines: [
        /\bInteractive authentication required\b|\bFailed to \w+ \S{1,120}: Access denied\b|\bpolkit\b.{0,80}\b(?:denied|not authorized)/i,
      ],
      fix: 'This account may not control the unit. Allow exactly this command in sudoers or polkit.',
      run: ['sudo -n -l'],
    },
    {
      id: 'systemd-masked',
      category: 'recoverable:configuration',
      lines: [
        /\bUnit (?<unit>[\w.@:-]{1,120}) is masked\b|\bhas a bad unit file setting\b|\bUnit configuration has fatal error\b|\bbad-setting\b/,
      ],
      fix: 'The unit is masked or its file is not valid.',
      run: ['systemd-analyze verify {unit}', 'systemctl cat {unit}'],
    },
    {
      id: 'systemd-start',
      category: 'critical:service',
      lines: [
        /\bJob for (?<unit>[\w.@:-]{1,120}) (?:failed|canceled)\b/,
        /\bFailed to start (?<unit>[\w.@:-]{1,120})/,
        /\b(?<unit>[\w.@:-]{1,120}\.service): (?:Failed with result|Main process exited|Start request repeated too quickly|Control process exited)/,
        /\bA dependency job for (?<unit>[\w.@:-]{1,120}) failed\b|\bstart-limit-hit\b|\bActive: failed\b/,
        /\bERROR \((?:spawn error|abnormal termination|already started)\)|\b(?:FATAL|BACKOFF) {1,12}Exited too quickly\b|\[PM2\].{0,40}(?:errored|too many unstable restarts)/,
        /\b(?:service|daemon|server|process|app|worker) (?:\S{1,60} )?(?:failed|could not|was unable|refused) to start\b|\bfailed to (?:start|restart|reload) (?:the )?(?:service|daemon|server|application)\b/i,
      ],
      fix: 'The service did not start. Its log says why.',
      run: ['systemctl status {unit}', 'journalctl -u {unit} -n 50 --no-pager'],
    },
    {
      id: 'service-socket',
      category: 'critical:service',
      lines: [
        /\bunix:\/\/\/?(?<path>\S{1,200}\.sock)\S{0,40} (?:refused connection|no such file)\b/i,
        /\b(?:dial|connect)\b.{0,40}\bunix\b.{0,120}: connect(?:ion)?:? (?:connection refused|no such file)/i,
        /\bconnect(?: |:)\S{0,20}(?:ECONNREFUSED|ENOENT) (?<path>\/\S{1,200})/,
        /\bphp\S{0,20}-fpm\.sock failed\b/,
      ],
      fix: 'A service of this host does not listen on its socket: it is stopped or it crashed.',
      run: ['ls -l {path}', 'systemctl --failed'],
    },
    {
      id: 'nginx-not-running',
      category: 'critical:service',
      lines: [
        /\[error\].{0,40} (?:invalid PID number|open\(\) "(?<path>[^"]{1,200}\.pid)" failed)/,
        /\bhttpd? \(pid \d+\??\) not running\b|\bhaproxy: .{0,80}not running\b/,
      ],
      fix: 'nginx does not run, so it cannot be reloaded. Start it and look at why it went.',
      run: ['systemctl status nginx', 'nginx -t'],
    },
    {
      id: 'nginx-file-missing',
      category: 'recoverable:configuration',
      lines: [
        /\[emerg\].{0,80}\bcannot load certificate(?: key)? "(?<path>[^"]{1,300})".{0,120}No such file/,
        /\[emerg\].{0,40}\bopen\(\) "(?<path>[^"]{1,300})" failed \(2/,
      ],
      fix: 'The configuration names a file that is not there. Put it in place before the reload.',
      run: ['ls -l {path}', 'nginx -t'],
    },
    {
      id: 'nginx-configuration',
      category: 'recoverable:configuration',
      lines: [
        /\[emerg\] .{0,200}(?:unknown directive|directive .{0,60}(?:is not terminated|is duplicate|is not allowed|has no opening)|unexpected |invalid (?:number of arguments|parameter|value|port|condition)|host not found in upstream|duplicate |no "\S{1,60}" (?:is )?(?:directory|in)|unknown "?\S{1,60}"? variable|conflicting|could not build|no servers are inside upstream|is invalid)/,
        /\bcannot load certificate(?: key)? "(?<path>[^"]{1,300})"|\bkey values mismatch\b|\bSSL_CTX_use_PrivateKey\b/,
        /\b(?:\[ALERT\]|AH\d{5}:|Caddyfile|Caddy)\b.{0,200}(?:error|unknown|unable to find|invalid|parsing|unrecognized)|\bFatal errors found in configuration\b|\bSyntax error on line \d+ of\b|\bError\(s\) found in configuration file\b|\badapting config\b/,
      ],
      fix: 'The web server refuses its configuration; the running one goes on with the old. Mend the named line and test it.',
      run: ['nginx -t'],
    },
    {
      id: 'nginx-test-failed',
      category: 'recoverable:configuration',
      strength: 'symptom',
      lines: [/\bnginx: configuration file (?<path>\S{1,300}) test failed\b/],
      fix: 'nginx refuses its configuration.',
      run: ['nginx -t'],
    },
    {
      id: 'certbot-rate-limit',
      category: 'transient:rate-limit',
      strength: 'decisive',
      lines: [
        /\btoo many (?:certificates|new orders|failed authorizations|registrations|currently pending)\b|\burn:ietf:params:acme:error:rateLimited\b/i,
      ],
      fix: "Let's Encrypt limits how often certificates are issued. Wait for the time it names; test against its staging server.",
    },
    {
      id: 'certbot-challenge',
      category: 'recoverable:configuration',
      lines: [
        /\bChallenge failed for domain (?<host>[\w.-]{1,253})|\bSome challenges have failed\b|\bDNS problem: (?:NXDOMAIN|SERVFAIL|query timed out) looking up\b|\burn:ietf:params:acme:error:(?:unauthorized|dns|connection|rejectedIdentifier|caa)\b|\bInvalid response from http:\/\/\S{1,253}\/\.well-known\/acme-challenge\b/,
      ],
      fix: 'The certificate authority could not reach the challenge. Check DNS, port 80, and the webroot.',
      run: ['dig +short {host}', 'curl -sI http://{host}/.well-known/acme-challenge/'],
    },
    {
      id: 'ansible-become',
      category: 'recoverable:permission',
      strength: 'decisive',
      lines: [
        /\bMissing sudo password\b|\bIncorrect sudo password\b|\bwaiting for privilege escalation prompt\b/,
      ],
      fix: 'ansible may not become root on the host. Set the password from a secret, or NOPASSWD for this account.',
    },
    {
      id: 'ansible-wait',
      category: 'critical:health',
      strength: 'decisive',
      lines: [
        /"msg": "(?:Timeout when waiting for|Status code was -?\d+ and not \[|.{0,200}did not become (?:available|ready))/,
        /"attempts": \d+.{0,400}"(?:failed|changed)": .{0,400}(?:Status code was|healthz|health)/,
      ],
      fix: 'A task waited for a service that did not come up.',
    },
    {
      id: 'ansible-playbook',
      category: 'recoverable:configuration',
      lines: [
        /\bERROR! (?:Syntax Error|couldn't resolve module|no action detected|conflicting action|Unexpected Exception|unexpected parameter|'.{1,80}' is (?:undefined|not a valid)|A malformed block|the field|We were unable to read|this task)|\bSyntax Error while loading YAML\b|\bYAML parsing failed\b/,
        /\bthe task includes an option with an undefined variable\b|'(?<variable>[\w.]{1,120})' is undefined\b|\bThe conditional check .{1,200} failed\b|\bUnsupported parameters for\b|\bmissing required arguments\b|\bno hosts matched\b/i,
      ],
      fix: 'The playbook, inventory or a variable is not valid.',
      run: ['ansible-playbook --syntax-check'],
    },
    {
      id: 'ansible-missing',
      category: 'recoverable:dependency',
      lines: [
        /\bERROR! the (?:playbook|role|file):? ?'?(?<path>[^'\s]{1,300})'? (?:could not be found|was not found)|\bthe role '(?<name>[^']{1,120})' was not found\b/,
        /\bCould not find or access '(?<path>[^']{1,300})'|\bcouldn't resolve module\/action '(?<name>[^']{1,120})'|\bFailed to import the required Python library\b|"No package matching '(?<package>[^']{1,120})'|\bUnable to retrieve file contents\b/,
      ],
      fix: 'A playbook, role, collection or file is not there.',
      run: ['ansible-galaxy install -r requirements.yml'],
    },
    {
      id: 'secret-undecryptable',
      category: 'recoverable:credentials',
      strength: 'decisive',
      lines: [
        /\bAttempting to decrypt but no vault secrets found\b|\bDecryption failed\b|\bFailed to (?:get the data key|decrypt)\b|\bgpg: decryption failed\b|\bbad decrypt\b|\bno identity matched any of the recipients\b|\bHMAC verification failed\b|\bwrong (?:passphrase|password)\b|\bbad passphrase\b|\bNo secret key\b|\bCan't check signature: No public key\b/i,
      ],
      fix: 'A secret file cannot be decrypted: the key is missing in this step, or another one.',
    },
    {
      id: 'health-failed',
      category: 'critical:health',
      lines: [
        /\bhealth[ -]?checks?\b.{0,80}\b(?:failed|failing|failure|timed? ?out|unsuccessful|not ok|gave up|error|unhealthy|did not pass)\b/i,
        /\b(?:is|are|was|still|became|remains?|reported|status:?|state:?) ["']?(?:unhealthy|not (?:healthy|ready|responding|reachable|up|available|running))\b/i,
        /\b(?:did not|didn't|never|failed to|has not|could not|not) (?:become|became|get|come|reach|turn|pass|report|return to|respond|answer)\b.{0,40}\b(?:healthy|ready|up|available|online|health|in time|within|after)\b/i,
        /\bnot (?:healthy|ready|responding|reachable|up|available)\b.{0,40}\b(?:after|within|in|for) \d+/i,
        /\b(?:gave|giving) up (?:waiting|after)\b|\btim(?:ed|ing) ?out\b.{0,20}\bwaiting (?:for|on)\b|\btime-?out (?:occurred|reached|expired|exceeded)?.{0,30}\bwaiting\b|\bTimeout: .{0,80}(?:not available|not ready)/i,
        /\bwait-for\S{0,20}: (?:timeout|waiting)\b.{0,80}timeout|\bOperation timed out after \d+ seconds waiting for\b|\bProblem with dial: .{0,200}Sleeping|\bTimeout after \S{1,20} waiting on dependencies\b/i,
        /^\S{0,200}(?:readyz|healthz|livez|health)\S{0,80} (?:returned|answered|responded|->|=>|:) ?(?:HTTP )?(?:[45]\d\d|000)\b/i,
        /\b(?:status|response)(?: code)? (?:is|was|=|:) ?(?:[45]\d\d|000)\b/i,
        /^\S{1,253}:\d{1,5} - (?:no response|rejecting connections)$/,
        /\bunhealthy\b/i,
      ],
      fix: 'The service does not answer as it should after the roll-out. Its own log is the next thing to read.',
      run: ["ss -ltnp 'sport = :{port}'", 'journalctl -n 50 --no-pager', 'docker ps -a'],
    },
  ],
};
