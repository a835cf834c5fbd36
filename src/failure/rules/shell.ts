import type { RuleTable } from './rule.ts';

/** The shell itself, and how command-line tools refuse a call. */
export const SHELL: RuleTable = {
  tool: 'the shell',
  rules: [
    {
      id: 'shell-line-endings',
      category: 'recoverable:configuration',
      strength: 'decisive',
      lines: [
        /: cannot execute: required file not found$/,
        /\bbad interpreter: /,
        /\$'\\r': command not found|\\r: command not found|syntax error near unexpected token `\$'.{0,20}\\r''|\bset: pipefail.{0,3}: invalid option name|env: [‘'].{1,40}\\r[’']: No such file/,
      ],
      fix: 'The first line of the script names an interpreter that is not there; most often Windows line endings. Convert the file, and set eol=lf in .gitattributes.',
      run: ['head -n 1 {path} | od -c | head'],
    },
    {
      id: 'shell-exec-format',
      category: 'recoverable:dependency',
      strength: 'decisive',
      lines: [/\b(?:cannot execute binary file|Exec format error)\b/i, /\bexec format error\b/],
      fix: 'The program is for another CPU, or no program at all. Deploy the build for this host.',
      run: ['file {path}', 'uname -m'],
    },
    {
      id: 'shell-command-missing',
      category: 'recoverable:dependency',
      lines: [
        /: line \d+: (?<command>[^:\s]{1,120}): command not found$/,
        /(?:^|: )(?<command>[\w.+/-]{1,120}): (?:command )?not found$/,
        /\b(?<command>[\w.+-]{1,80}) (?:executable|binary|program|command) (?:was )?not found\b/i,
        /\bcommand not found: (?<command>[\w.+-]{1,120})/,
        /\bsudo: (?<command>[\w.+/-]{1,120}): command not found\b/,
        /\bexec: "?(?<command>[\w.+/-]{1,120})"?: (?:executable file )?not found\b/,
        /\bexecutable file not found in \$?PATH\b|\benv: [‘'](?<command>[^’']{1,120})[’']: No such file/,
        /^(?:Cannot|Could not) find (?:command|executable|program) '?(?<command>[\w.+-]{1,120})/i,
        /\bfailed to run command [‘'](?<command>[^’']{1,120})[’']: No such file/,
        /\bspawn (?<command>[\w.+/-]{1,120}) ENOENT\b/,
        /\b(?<command>[\w.+-]{1,80}) is not (?:installed|recognized as an internal)\b/,
      ],
      fix: 'The command is not installed on this host, or not in the PATH of the step.',
      run: ['command -v {command}', 'echo "$PATH"'],
    },
    {
      id: 'shell-variable',
      category: 'recoverable:configuration',
      lines: [
        /\b(?<variable>[A-Za-z_]\w{0,80}): (?:unbound variable|parameter (?:null or )?not set|is not set|must be set)\b/i,
        /\b(?:environment )?variable:? [`"'$]{0,2}(?<variable>[A-Za-z_]\w{1,80})[`"']{0,2} (?:is |was )?(?:not (?:set|defined|found)|missing|required|empty|undefined)\b/i,
        /\b(?:missing|undefined|unset) (?:required )?(?:environment |env )?(?:variable|setting|config(?:uration)?)s?\b.{0,10}?(?<variable>[A-Z][A-Z0-9_]{2,80})?/i,
        /^(?:[Ee]rror: |ERROR: |fatal: )?\$?(?<variable>[A-Z][A-Z0-9_]{2,80}) (?:is |was |must be |has to be )?(?:not |un)?(?:set|defined|required|missing|empty)\b/,
      ],
      fix: 'A variable that the step needs is not set. Pass it by env: in the workflow; a secret may not exist in this environment.',
      run: ['env | cut -d= -f1 | sort'],
    },
    {
      id: 'shell-syntax',
      category: 'recoverable:configuration',
      lines: [
        /\bsyntax error near unexpected token\b|\bsyntax error: unexpected\b|\bsyntax error: operand expected\b|\bunexpected EOF while looking for matching\b|\bbad substitution\b|\bUnterminated quoted string\b|\bSyntax error: /,
        /\bunary operator expected\b|\binteger expression expected\b|\bbinary operator expected\b|\bnot a valid identifier\b|\bambiguous redirect\b|\bbad array subscript\b|\bdivision by 0\b|\bargument must be\b|\binvalid option name\b|\breadonly variable\b/,
        /\bsyntax error\b.{0,40}\bline \d+/i,
      ],
      fix: 'The script is not valid for this shell. Check the named line, the quoting, and which shell runs it.',
      run: ['bash -n {path}'],
    },
    {
      id: 'shell-usage',
      category: 'recoverable:configuration',
      lines: [
        /\b(?:invalid|unrecognized|unknown|illegal|unsupported) (?:option|argument|flag|command|subcommand|parameter|switch)\b/i,
        /\b(?:missing|requires an?) (?:argument|operand|parameter)\b|\btoo (?:many|few) arguments\b|\bflag needs an argument\b|\boption .{0,60}requires an argument\b|\bmust specify\b/i,
        /^(?:usage|Usage): \S/,
        /\bTry '.{1,80} --help'|\bSee '.{1,80} --help'|\bfor more information, try '--help'/i,
      ],
      strength: 'symptom',
      fix: 'The command does not understand how it is called. Check options and quoting, and the version installed here.',
      run: ['{command} --help'],
    },
  ],
};
