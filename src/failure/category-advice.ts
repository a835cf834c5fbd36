import type { Category } from './category.ts';

/** The part of the advice that holds for every failure of a category. */
export interface CategoryAdvice {
  readonly meaning: string;
  readonly lookAt: readonly string[];
  /** Templates; those whose names are not known are left out. */
  readonly commands: readonly string[];
}

/** What each category means, in the words of a colleague on call. */
export const CATEGORY_ADVICE: Readonly<Record<Category, CategoryAdvice>> = {
  'transient:network': {
    meaning: 'A remote side could not be reached. The same command may succeed soon.',
    lookAt: ['If it lasts: name, address and port, then the firewall and the proxy between.'],
    commands: ['getent hosts {host}', 'nc -vz -w 5 {host} {port}'],
  },
  'transient:timeout': {
    meaning: 'A remote side did not answer in time. The same command may succeed soon.',
    lookAt: ['If it lasts: the load of the remote side, and the limit that the command sets.'],
    commands: ['getent hosts {host}', 'nc -vz -w 5 {host} {port}'],
  },
  'transient:rate-limit': {
    meaning: 'A remote side limits how often it may be asked. It answers again after a while.',
    lookAt: ['If it comes back: a log-in raises most limits, a mirror or cache avoids them.'],
    commands: [],
  },
  'transient:lock': {
    meaning: 'Somebody else holds a lock that the step needs. It is usually released soon.',
    lookAt: ['If it lasts: find the holder. Remove a lock only when its holder is certainly gone.'],
    commands: ['fuser -v {path}'],
  },
  'transient:service': {
    meaning: 'A remote service is temporarily not available. The same command may succeed soon.',
    lookAt: ['If it lasts: the status page of the service.'],
    commands: [],
  },
  'transient:conflict': {
    meaning: 'Two changes met and this one was turned away as a whole. Repeating it is safe.',
    lookAt: ['If it comes back: find out who else changes the same thing.'],
    commands: [],
  },
  'recoverable:permission': {
    meaning: 'The step may not do what it tries to do. It works once the right is given.',
    lookAt: ['Which user runs the step, and who owns the path.'],
    commands: ['id', 'ls -ld {path}', 'namei -l {path}'],
  },
  'recoverable:resource': {
    meaning: 'Disk, memory or a quota is used up. It works once there is room again.',
    lookAt: ['What grew: logs, old releases, images, or a process.'],
    commands: ['df -h', 'df -i', 'free -h', 'docker system df'],
  },
  'recoverable:dependency': {
    meaning:
      'Something that the step needs is not there. It works once that is installed or published.',
    lookAt: ['The exact name and version, and the step that should have made it.'],
    commands: ['command -v {command}', 'ls -ld {path}'],
  },
  'recoverable:configuration': {
    meaning:
      'A setting, file or call is wrong. It works once that is corrected; repeating changes nothing.',
    lookAt: ['The named file and line, and the environment of the step.'],
    commands: ['ls -l {path}'],
  },
  'recoverable:credentials': {
    meaning:
      'The other side does not accept who we say we are. It works once the credentials are right.',
    lookAt: ['Whether the secret is set in this environment, current, and meant for this host.'],
    commands: [],
  },
  'recoverable:port': {
    meaning: 'A port that the step needs is in use. It works once the other process is gone.',
    lookAt: ['Which process listens there; often the previous release.'],
    commands: ["ss -ltnp 'sport = :{port}'"],
  },
  'critical:migration': {
    meaning:
      'A database migration failed or stopped half-way. The schema may be between two versions.',
    lookAt: ['The state of the schema, before anything is run again. Have the backup at hand.'],
    commands: [],
  },
  'critical:health': {
    meaning: 'The release is in place, but the service does not answer as it should.',
    lookAt: ['The log of the service since the roll-out.'],
    commands: ["ss -ltnp 'sport = :{port}'", 'docker ps -a', 'journalctl -n 50 --no-pager'],
  },
  'critical:data': {
    meaning: 'Data is damaged, or not what it should be. Nothing should be built on it.',
    lookAt: ['Where the data came from, and whether an earlier copy is good.'],
    commands: ['ls -l {path}', 'dmesg -T | tail -n 20'],
  },
  'critical:service': {
    meaning: 'A service did not start, or is not running.',
    lookAt: ['The log of the service: its last lines before it ended.'],
    commands: [
      'systemctl status {unit}',
      'journalctl -u {unit} -n 50 --no-pager',
      'systemctl --failed',
    ],
  },
  'critical:verification': {
    meaning: 'A test or a check of the result says no.',
    lookAt: ['What was expected and what was found; then what changed since it last passed.'],
    commands: [],
  },
  'critical:build': {
    meaning: 'The code or bundle does not build.',
    lookAt: ['The first error in the output; later ones often follow from it.'],
    commands: [],
  },
  'critical:timeout': {
    meaning:
      'The step ran longer than its timeout and was ended. What it did until then stays done.',
    lookAt: ['What it waited for. Raise timeout only if the work is known to need longer.'],
    commands: ['ps -eo pid,etime,args --sort=-etime | head -n 20'],
  },
  'critical:crash': {
    meaning: 'A program crashed in the middle of its work.',
    lookAt: ['What changed in it: version, library, data. A core dump, if one was kept.'],
    commands: ['coredumpctl list', 'dmesg -T | tail -n 20'],
  },
  'fatal:signal': {
    meaning: 'The command was ended from outside: cancelled, or killed by somebody or something.',
    lookAt: ['Who did it: the kernel log, a reboot, another job. Then how far the step had come.'],
    commands: ['dmesg -T | tail -n 30', 'last -x -n 5', 'free -h'],
  },
  'fatal:in-doubt': {
    meaning: 'Nobody knows whether the step took effect, and it is not safe to repeat.',
    lookAt: [
      'The target itself. Then say what you found: mode: mark-done if it took effect, mode: forget if not.',
    ],
    commands: [],
  },
  'fatal:state': {
    meaning: 'The stored state cannot be trusted or written, so going on would be guessing.',
    lookAt: ['The file that is named, and the disk and rights of the state directory.'],
    commands: ['ls -la {path}', 'df -h'],
  },
  'unknown:exit': {
    meaning: 'The command failed, and no rule knows this failure.',
    lookAt: [
      'The last lines of the output.',
      "To decide it next time: a rule in the plan, such as classify: [{ match: 'text of the error', as: 'transient:service' }].",
      'Or let the script say it: echo "category=transient:service" >> "$PREFLIGHT_RESULT".',
    ],
    commands: [],
  },
};
